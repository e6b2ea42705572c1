"""Known mechanisms, measured on a model: which heads copy, which move a name, which MLPs know the facts.

Plain transformers and forward hooks on purpose: this checks the weights, so it must not lean on the library
that is later tried out on them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import GPT2LMHeadModel

from llm_tt.smallworld.prompts import TaskPrompt
from llm_tt.smallworld.scoring import score

Head = tuple[int, int]
"""(layer, head)"""


@dataclass(frozen=True, slots=True)
class CopyingAttention:
    """Where heads look in random tokens that come twice; each [layer head], means over rows and queries."""

    to_previous: Tensor
    to_after_earlier: Tensor
    """To the token that followed the earlier occurrence of the present one: what an induction head does."""
    accuracy: float
    """How often the repeated token is the most probable one."""


@torch.no_grad()
def copying_attention(
    model: GPT2LMHeadModel, *, period: int = 24, rows: int = 32, seed: int = 0
) -> CopyingAttention:
    """Attention on random tokens; the model must have been opened with eager attention."""
    generator = torch.Generator().manual_seed(seed)
    once = torch.randint(0, model.config.vocab_size - 1, (rows, period), generator=generator)
    token_ids = torch.cat([once, once], dim=1)
    output = model(token_ids, output_attentions=True)
    pattern = torch.stack(output.attentions)  # [layer row head query key]
    query = torch.arange(period + 1, 2 * period)
    right = output.logits[:, query - 1].argmax(-1) == token_ids[:, query]
    return CopyingAttention(
        to_previous=pattern[..., query, query - 1].mean((1, 3)),
        to_after_earlier=pattern[..., query, query - period + 1].mean((1, 3)),
        accuracy=float(right.float().mean()),
    )


@torch.no_grad()
def mean_head_outputs(model: GPT2LMHeadModel, tokenizer: Tokenizer, texts: Iterable[str]) -> list[Tensor]:
    """What each layer's heads write on average, before the output matrix: [d_model], heads side by side."""
    seen: list[list[Tensor]] = [[] for _ in model.transformer.h]
    with ExitStack() as stack:
        for layer, block in enumerate(model.transformer.h):
            keep = seen[layer].append
            handle = block.attn.c_proj.register_forward_pre_hook(
                lambda _, given, keep=keep: keep(given[0][0])
            )
            stack.callback(handle.remove)
        for text in texts:
            model(torch.tensor([tokenizer.encode(text).ids]))
    return [torch.cat(states).mean(0) for states in seen]


@contextmanager
def heads_ablated(model: GPT2LMHeadModel, means: Sequence[Tensor], heads: Iterable[Head]) -> Iterator[None]:
    """Within it these heads write their mean at every position, whatever they see."""
    width = model.config.n_embd // model.config.n_head
    with ExitStack() as stack:
        for layer, head in heads:
            part, mean = slice(head * width, (head + 1) * width), means[layer]

            def replace(
                _: object, given: tuple[Tensor, ...], part: slice = part, mean: Tensor = mean
            ) -> tuple[Tensor]:
                states = given[0].clone()
                states[..., part] = mean[part]
                return (states,)

            handle = model.transformer.h[layer].attn.c_proj.register_forward_pre_hook(replace)
            stack.callback(handle.remove)
        yield


@torch.no_grad()
def mean_mlp_outputs(model: GPT2LMHeadModel, tokenizer: Tokenizer, texts: Iterable[str]) -> list[Tensor]:
    """What each layer's MLP writes on average: [d_model] a layer."""
    seen: list[list[Tensor]] = [[] for _ in model.transformer.h]
    with ExitStack() as stack:
        for layer, block in enumerate(model.transformer.h):
            keep = seen[layer].append
            handle = block.mlp.register_forward_hook(lambda _, __, written, keep=keep: keep(written[0]))
            stack.callback(handle.remove)
        for text in texts:
            model(torch.tensor([tokenizer.encode(text).ids]))
    return [torch.cat(states).mean(0) for states in seen]


@contextmanager
def mlps_ablated(
    model: GPT2LMHeadModel,
    means: Sequence[Tensor],
    layers: Iterable[int],
    positions: slice | Tensor = slice(None),
) -> Iterator[None]:
    """Within it these MLPs write their mean at some positions, whatever they see."""
    with ExitStack() as stack:
        for layer in layers:
            mean = means[layer]

            def replace(_: object, __: object, written: Tensor, mean: Tensor = mean) -> Tensor:
                changed = written.clone()
                changed[:, positions] = mean
                return changed

            stack.callback(model.transformer.h[layer].mlp.register_forward_hook(replace).remove)
        yield


def strongest_heads(
    model: GPT2LMHeadModel, tokenizer: Tokenizer, means: Sequence[Tensor], prompts: Sequence[TaskPrompt]
) -> list[Head]:
    """Heads after the first layer, the one whose loss costs the most margin first.

    The first layer's heads see bare tokens and no context, so they can prepare a move but not decide on it.
    """

    def margin_without(head: Head) -> float:
        with heads_ablated(model, means, [head]):
            return score(model, tokenizer, prompts).margin

    later = [(layer, head) for layer in range(1, model.config.n_layer) for head in range(model.config.n_head)]
    return sorted(later, key=margin_without)
