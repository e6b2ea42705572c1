"""What the neurons of one layer do in many prompts, one run each, no further than that layer."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import MemoryLimitError, PromptError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.forward import check_prompt
from llm_tt.tracing.memory import check_room, run_bytes, trace_bytes
from llm_tt.tracing.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class PromptRun:
    """One prompt that was run."""

    index: int
    """In the list of prompts."""
    tokens: tuple[str, ...]
    activations: Float[Tensor, "pos d_mlp"]
    """On the model's device."""


@dataclass(frozen=True, slots=True)
class SkippedPrompt:
    """One prompt that could not be run."""

    index: int
    reason: str


class _EnoughError(Exception):
    """Raised in a run whose later layers nobody asked for."""


def neuron_runs(
    model: LanguageModel, prompts: Sequence[str], layer: int, progress: Progress
) -> Iterator[PromptRun | SkippedPrompt]:
    """Each prompt in its order; others may use the model between two of them."""
    for index, text in enumerate(prompts):
        try:
            prompt = _checked(model, text)
        except (PromptError, MemoryLimitError) as problem:
            yield SkippedPrompt(index, problem.found)
        else:
            activations = _run(model, prompt, layer)
            if bool(activations.isfinite().all()):
                yield PromptRun(index, prompt.token_strings, activations)
            else:
                yield SkippedPrompt(index, "Its activations are no finite numbers.")
        progress((index + 1) / len(prompts))
    if not prompts:
        progress(1.0)


def positions_of(model: LanguageModel, prompts: Sequence[str]) -> int:
    """The most tokens of these prompts that the model would read; what is free by then may be less."""
    total = 0
    for text in prompts:
        with suppress(PromptError):
            total += len(_readable(model, text))
    return total


def _readable(model: LanguageModel, text: str) -> Prompt:
    prompt = model.tokenize(text)
    check_prompt(model, prompt)
    return prompt


def _checked(model: LanguageModel, text: str) -> Prompt:
    prompt = _readable(model, text)
    sizes, length, itemsize = model.dimensions, len(prompt), model.compute_dtype.itemsize
    needed = run_bytes(sizes, length, itemsize) - trace_bytes(sizes, length, itemsize)
    check_room(model, f"Run a prompt of {length:,} tokens.", needed)
    return prompt


@torch.no_grad()
def _run(model: LanguageModel, prompt: Prompt, layer: int) -> Tensor:
    found: list[Tensor] = []

    def keep(activations: Tensor) -> None:
        found.append(activations[0].detach().to(model.device, model.compute_dtype, copy=True))
        raise _EnoughError

    with suppress(_EnoughError):
        model.run(prompt.token_ids, [Hook(Site.NEURONS, layer, keep)])
    return found[0]
