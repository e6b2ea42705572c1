"""Where a neuron fires in a person's own prompts.

firing = firing_of(model, prompts, 2, 33)        # one run a prompt, no further than the neuron's layer
kept = activations_of(model, prompts, 2)         # the same runs, all neurons of the layer kept
kept.firing_of(34)                               # needs no run
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float

from llm_tt.errors import MemoryLimitError
from llm_tt.lens.neuron_reading import check_neuron
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.prompt_runs import PromptRun, SkippedPrompt, neuron_runs, positions_of

N_BEFORE: Final = 8
N_AFTER: Final = 4
"""Tokens around a place that are shown with it."""
MOST_BYTES_KEPT: Final = 1 << 28
"""Of one layer's activations, over all prompts."""
_LARGEST_HALF: Final = 65504.0
"""The largest number of half precision."""


@dataclass(frozen=True, slots=True)
class FiringPlace:
    """One position of one prompt."""

    prompt_index: int
    """In the list of prompts as it was given."""
    position: int
    token: str
    activation: float
    before: tuple[str, ...]
    after: tuple[str, ...]
    """The tokens next to it, in their order."""


@dataclass(frozen=True, slots=True)
class Firing:
    """How active a neuron is in some prompts; numbers are over all positions, 0 where there are none."""

    places: tuple[FiringPlace, ...]
    """Where it is most active, strongest first."""
    lowest: tuple[FiringPlace, ...]
    """Where it is least active or most negative, lowest first."""
    n_prompts: int
    """That were read."""
    n_positions: int
    share_positive: float
    mean: float
    largest: float
    skipped: tuple[tuple[int, str], ...]
    """Prompts that could not be read, each with the reason."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The prompts that were read, in their order."""

    indices: tuple[int, ...]
    tokens: tuple[tuple[str, ...], ...]
    skipped: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class LayerActivations:
    """What all neurons of a layer did in some prompts, in half precision: right to three digits."""

    layer: int
    activations: Float[np.ndarray, "position d_mlp"]
    """The prompts one behind the other."""
    _reading: _Reading

    def firing_of(self, neuron: int, top: int = 20) -> Firing:
        """Where one of them fires."""
        return _firing(self._reading, self.activations[:, neuron].astype(np.float32), top)


def firing_of(  # noqa: PLR0913 (which neuron, where, and who is told)
    model: LanguageModel,
    prompts: Sequence[str],
    layer: int,
    neuron: int,
    *,
    top: int = 20,
    progress: Progress = silent,
) -> Firing:
    """Run every prompt once, and find where a neuron is most and least active.

    Prompts that cannot be read are left out, and listed with the reason.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
        TargetError: there is no such layer or neuron.
    """
    check_neuron(model, layer, neuron, f"Find where neuron {neuron} of layer {layer} fires.")
    runs: list[_OneRun] = []
    skipped: list[SkippedPrompt] = []
    for run in neuron_runs(model, prompts, layer, progress):
        if isinstance(run, PromptRun):
            own = run.activations[:, neuron].clone()  # a view would keep all neurons of every prompt
            runs.append((run.index, run.tokens, own.cpu().numpy()))
        else:
            skipped.append(run)
    values = np.concatenate([np.zeros(0, np.float32), *(numbers for _, _, numbers in runs)])
    return _firing(_reading(runs, skipped), values, top)


def activations_of(
    model: LanguageModel, prompts: Sequence[str], layer: int, *, progress: Progress = silent
) -> LayerActivations:
    """The same runs, with all neurons of the layer kept for later questions.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
        TargetError: there is no such layer.
        MemoryLimitError: that would be too much to keep; nothing was run. `firing_of` keeps one neuron.
    """
    check_neuron(model, layer, 0, f"Find what the neurons of layer {layer} do.")
    n_positions, width = positions_of(model, prompts), model.dimensions.d_mlp
    if 2 * n_positions * width > MOST_BYTES_KEPT:
        raise MemoryLimitError(
            asked=f"Keep what all neurons of layer {layer} do in {len(prompts):,} prompts.",
            found=f"{n_positions:,} tokens and {width:,} neurons are more than {MOST_BYTES_KEPT >> 20} MiB.",
            remedy="Ask for single neurons, or take fewer prompts.",
        )
    kept, filled = np.empty((n_positions, width), np.float16), 0
    runs: list[_OneRun] = []
    skipped: list[SkippedPrompt] = []
    for run in neuron_runs(model, prompts, layer, progress):
        if isinstance(run, SkippedPrompt):
            skipped.append(run)
            continue
        end = filled + len(run.tokens)
        kept[filled:end] = run.activations.clamp(-_LARGEST_HALF, _LARGEST_HALF).cpu().numpy()
        runs.append((run.index, run.tokens, kept[filled:end]))
        filled = end
    return LayerActivations(layer, kept[:filled], _reading(runs, skipped))


_OneRun = tuple[int, tuple[str, ...], np.ndarray]


def _reading(runs: Sequence[_OneRun], skipped: Sequence[SkippedPrompt]) -> _Reading:
    return _Reading(
        tuple(index for index, _, _ in runs),
        tuple(tokens for _, tokens, _ in runs),
        tuple((prompt.index, prompt.reason) for prompt in skipped),
    )


def _firing(reading: _Reading, values: Float[np.ndarray, " position"], top: int) -> Firing:
    starts = np.cumsum([0, *map(len, reading.tokens)])

    def places(order: np.ndarray) -> tuple[FiringPlace, ...]:
        return tuple(_place(reading, starts, int(at), float(values[at])) for at in order[:top])

    there = len(values) > 0
    return Firing(
        places=places(np.argsort(-values, kind="stable")),
        lowest=places(np.argsort(values, kind="stable")),
        n_prompts=len(reading.tokens),
        n_positions=len(values),
        share_positive=float((values > 0).mean()) if there else 0.0,
        mean=float(values.mean(dtype=np.float64)) if there else 0.0,
        largest=float(values.max()) if there else 0.0,
        skipped=reading.skipped,
    )


def _place(reading: _Reading, starts: np.ndarray, at: int, activation: float) -> FiringPlace:
    row = int(np.searchsorted(starts, at, side="right")) - 1
    tokens, position = reading.tokens[row], at - int(starts[row])
    return FiringPlace(
        prompt_index=reading.indices[row],
        position=position,
        token=tokens[position],
        activation=activation,
        before=tokens[max(0, position - N_BEFORE) : position],
        after=tokens[position + 1 : position + 1 + N_AFTER],
    )
