"""What neurons do in many prompts, one run each, no further than the last layer that was asked for.

Of one layer the activations themselves are handed out; of all layers only what was made of them on the
way, because activations of a whole model would be many.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import MemoryLimitError, PromptError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.forward import check_prompt
from llm_tt.tracing.memory import check_room, run_bytes, trace_bytes
from llm_tt.tracing.progress import Progress, after_each_layer, within

T = TypeVar("T")

NOT_FINITE = "Its activations are no finite numbers."


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


@dataclass(frozen=True, slots=True, eq=False)
class PromptReading(Generic[T]):
    """One prompt that was run through all layers."""

    index: int
    """In the list of prompts."""
    tokens: tuple[str, ...]
    layers: tuple[T, ...]
    """What was made of each layer's activations."""


class _EnoughError(Exception):
    """Raised in a run whose later layers nobody asked for."""


class _NotFiniteError(Exception):
    """Raised in a run whose activations are no numbers: nothing behind them could be read either."""


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
                yield SkippedPrompt(index, NOT_FINITE)
        progress((index + 1) / len(prompts))
    if not prompts:
        progress(1.0)


def layer_readings(
    model: LanguageModel,
    prompts: Sequence[str],
    read: Callable[[int, Float[Tensor, "pos d_mlp"]], T],
    progress: Progress,
) -> Iterator[PromptReading[T] | SkippedPrompt]:
    """Each prompt in its order, `read` being called with each layer and its activations during the run.

    What it returns must not be a view of them; activations themselves are let go at once.
    """
    for index, text in enumerate(prompts):
        start, end = index / len(prompts), (index + 1) / len(prompts)
        try:
            prompt = _checked(model, text)
            layers = _run_through(model, prompt, read, within(progress, start, end))
        except (PromptError, MemoryLimitError) as problem:
            yield SkippedPrompt(index, problem.found)
        except _NotFiniteError:
            yield SkippedPrompt(index, NOT_FINITE)
        else:
            yield PromptReading(index, prompt.token_strings, layers)
        progress(end)
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


@torch.no_grad()
def _run_through(
    model: LanguageModel,
    prompt: Prompt,
    read: Callable[[int, Float[Tensor, "pos d_mlp"]], T],
    progress: Progress,
) -> tuple[T, ...]:
    n_layers = model.dimensions.n_layers
    found: list[T] = []

    def reading(layer: int) -> Callable[[Tensor], None]:
        def take(activations: Tensor) -> None:
            if not bool(activations.isfinite().all()):
                raise _NotFiniteError
            found.append(read(layer, activations[0].detach().to(model.device, model.compute_dtype)))
            if layer == n_layers - 1:
                raise _EnoughError

        return take

    hooks = [Hook(Site.NEURONS, layer, reading(layer)) for layer in range(n_layers)]
    with suppress(_EnoughError):
        model.run(prompt.token_ids, [*hooks, *after_each_layer(n_layers, progress)])
    return tuple(found)
