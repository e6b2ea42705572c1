"""`continue_prompt`: let the model write on, always with the token that it finds most likely."""

import torch

from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.forward import check_prompt
from llm_tt.tracing.progress import Progress, after_each_layer, silent, within


def continue_prompt(
    model: LanguageModel, prompt: Prompt, n_tokens: int, progress: Progress | None = None
) -> Prompt:
    """The prompt with up to so many tokens more; it ends early at an end-of-text token or the context's end.

    The tokens are those of the longer text: a tokenizer may split a text in another way than it was written.

    Raises:
        PromptError: the prompt is empty, or longer than the model's context.
    """
    if n_tokens < 1:
        message = f"n_tokens must be at least 1; got {n_tokens}"
        raise ValueError(message)
    check_prompt(model, prompt)
    written = _write_on(model, prompt, n_tokens, progress or silent)
    longest = model.dimensions.n_context
    while written:
        continued = model.tokenize(prompt.text + text_behind(model, prompt, written))
        if longest is None or len(continued) <= longest:
            return continued
        written.pop()
    return prompt


def _write_on(model: LanguageModel, prompt: Prompt, n_tokens: int, progress: Progress) -> list[int]:
    """The new tokens, each from a run over all before it; the lock is held, so that nobody gets between."""
    longest, n_layers = model.dimensions.n_context, model.dimensions.n_layers
    room = n_tokens if longest is None else min(n_tokens, longest - len(prompt))
    written: list[int] = []
    with model.lock, torch.no_grad():
        for step in range(room):
            hooks = after_each_layer(n_layers, within(progress, step / room, (step + 1) / room))
            logits = model.run([*prompt.token_ids, *written], hooks)
            token_id = int(logits[-1].argmax())
            if token_id in model.end_tokens:
                progress(1.0)
                break
            written.append(token_id)
    return written


def text_behind(model: LanguageModel, prompt: Prompt, written: list[int]) -> str:
    """New tokens as text. Alone, some tokenizers would drop the space in front of the first one."""
    before, whole = model.text_of(prompt.token_ids), model.text_of([*prompt.token_ids, *written])
    return whole[len(before) :] if whole.startswith(before) else model.text_of(written)
