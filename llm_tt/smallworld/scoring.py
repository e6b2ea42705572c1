"""How well a model answers: probabilities of right and wrong answers over many prompts at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from llm_tt.smallworld.prompts import TaskPrompt

BATCH = 128


@dataclass(frozen=True, slots=True)
class Score:
    """One task's result."""

    task: str
    prompts: int
    accuracy: float
    """Share of prompts whose most probable next token is a right answer."""
    margin: float
    """Mean probability of the right answers minus that of the contrast (or of all rejected answers)."""


def score(
    model: nn.Module, tokenizer: Tokenizer, prompts: Sequence[TaskPrompt], *, with_start: bool = False
) -> Score:
    """Accuracy and margin over prompts of one task; `with_start` puts `<|endoftext|>` in front."""
    right_total = margin_total = 0.0
    for start in range(0, len(prompts), BATCH):
        part = prompts[start : start + BATCH]
        probabilities = next_token_probabilities(
            model, tokenizer, [p.prompt for p in part], with_start=with_start
        )
        best = probabilities.argmax(-1).tolist()
        for row, asked in enumerate(part):
            right = [_only_token(tokenizer, answer) for answer in asked.right_answers]
            wrong = [_only_token(tokenizer, answer) for answer in asked.rejected or (asked.contrast,)]
            right_total += best[row] in right
            margin_total += float(probabilities[row, right].sum() - probabilities[row, wrong].sum())
    return Score(prompts[0].task, len(prompts), right_total / len(prompts), margin_total / len(prompts))


@torch.no_grad()
def next_token_probabilities(
    model: nn.Module, tokenizer: Tokenizer, texts: Sequence[str], *, with_start: bool = False
) -> Tensor:
    """[text token]: what comes after each text."""
    start = [tokenizer.get_vocab_size() - 1] if with_start else []
    rows = [start + tokenizer.encode(text).ids for text in texts]
    longest = max(map(len, rows))
    device = next(model.parameters()).device
    # Padding on the right is never looked at by the tokens before it.
    token_ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows], device=device)
    logits = model(input_ids=token_ids).logits
    last = torch.tensor([len(row) - 1 for row in rows], device=device)
    probabilities: Tensor = logits[torch.arange(len(rows), device=device), last].float().softmax(-1)
    return probabilities.cpu()


def _only_token(tokenizer: Tokenizer, text: str) -> int:
    """The one token of an answer."""
    (token_id,) = tokenizer.encode(text).ids
    return int(token_id)
