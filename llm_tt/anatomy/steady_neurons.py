"""Neurons that are among the strongest of their layer at nearly every position of some prompts.

Such neurons add much the same to every state, whatever is said: like a bias that is written in steps.

found = steady_neurons(model, prompts)            # one run a prompt
found.neurons, found.runners_up                   # often there are none, and then these come nearest

How strong a neuron is at a position is the length of what it writes there; counts are made while a prompt
runs, so no activations are kept. First tokens are left out unless told otherwise: nothing stands in front of
them, and models put there what they need nowhere else.

A neuron is read as tokens as if a last state were its output direction and nothing else, stretched to the
length that a final norm leaves; so neither its length nor how active it is decides how it reads, but the sign
of its mean activation does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.errors import AttributionError, CapabilityError
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.prompt_runs import SkippedPrompt, layer_readings

SAMPLE: Final = 256
"""Neurons of a layer that an entropy is compared with: the same ones every time."""
NEAREST: Final = 5
"""Neurons below the threshold that are named."""
_SHARE_OF_RUNS: Final = 0.7
"""Of the progress; the rest is reading tokens."""


_Place = tuple[int, int]
"""Layer and neuron."""


@dataclass(frozen=True, slots=True)
class SteadyNeuron:
    """One neuron over all positions that were counted; plain values."""

    layer: int
    neuron: int
    share: float
    """Of the positions, those where it is among the strongest of its layer."""
    share_positive: float
    """Of the positions, those where its activation is above zero."""
    mean: float
    """Of its activations, with their signs."""
    norm: float
    """Length of its output direction."""
    norm_percentile: float
    """Per cent of its layer's neurons whose direction is shorter."""
    entropy: float | None
    """Of what its direction predicts with the sign of its mean, in nats; None where the lens is off."""
    entropy_percentile: float | None
    """Per cent of a sample of its layer whose entropy is lower."""
    promoted: tuple[str, ...]
    """The tokens that it makes most likely with that sign; empty where the lens is off."""


@dataclass(frozen=True, slots=True)
class SteadyNeurons:
    """What was found, and in what; plain values."""

    neurons: tuple[SteadyNeuron, ...]
    """The steadiest first; equally steady ones in the order of the layers."""
    runners_up: tuple[SteadyNeuron, ...]
    """The steadiest below the threshold."""
    n_found: int
    """At the threshold or above it, also where not all are listed."""
    least: float
    """The threshold."""
    n_strongest: int
    """As many neurons of a layer count as its strongest at a position."""
    n_prompts: int
    """That were read."""
    n_positions: int
    """That were counted."""
    skip_first: bool
    skipped: tuple[tuple[int, str], ...]
    """Prompts that could not be read, each with the reason."""


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Of one layer in one prompt, or of a layer in all of them."""

    active: Int[Tensor, " d_mlp"]
    positive: Int[Tensor, " d_mlp"]
    total: Float[Tensor, " d_mlp"]
    """Sum of the activations, in double precision."""

    def plus(self, other: "_Counts") -> "_Counts":
        """Both together."""
        return _Counts(self.active + other.active, self.positive + other.positive, self.total + other.total)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """All prompts that were read."""

    layers: tuple[_Counts, ...]
    norms: tuple[Float[Tensor, " d_mlp"], ...]
    """Lengths of the neurons' output directions, layer by layer."""
    n_prompts: int
    n_positions: int
    skipped: tuple[tuple[int, str], ...]


@torch.no_grad()
def steady_neurons(  # noqa: PLR0913 (what counts as steady, and how much is listed)
    model: LanguageModel,
    prompts: Sequence[str],
    *,
    share_of_layer: float = 0.025,
    least: float = 0.85,
    skip_first: bool = True,
    top_tokens: int = 5,
    most: int = 100,
    progress: Progress = silent,
) -> SteadyNeurons:
    """Run every prompt once, and count where each neuron is among the strongest of its layer.

    Args:
        model: Whose neurons.
        prompts: Texts; those that cannot be read are left out, and listed with the reason.
        share_of_layer: Of a layer's neurons, how many count as its strongest: of 4,096 about 100.
        least: Of all positions, the share at which a steady neuron is among them.
        skip_first: Leave the first token of each prompt out.
        top_tokens: Named for each neuron.
        most: Neurons that are listed.
        progress: Called after each layer of each prompt, and while tokens are read.

    Raises:
        AttributionError: a share that is none.
        CapabilityError: this model's MLPs are no sums of neurons.
    """
    _check(model, share_of_layer, least)
    n_strongest = max(1, round(share_of_layer * model.dimensions.d_mlp))
    counted = _count(model, prompts, n_strongest, skip_first, within(progress, 0.0, _SHARE_OF_RUNS))
    steady, below = _steadiest(counted, least)
    rows = _rows(model, counted, steady[:most] + below, top_tokens, within(progress, _SHARE_OF_RUNS, 1.0))
    n_listed = min(len(steady), most)
    return SteadyNeurons(
        neurons=rows[:n_listed],
        runners_up=rows[n_listed:],
        n_found=len(steady),
        least=least,
        n_strongest=n_strongest,
        n_prompts=counted.n_prompts,
        n_positions=counted.n_positions,
        skip_first=skip_first,
        skipped=counted.skipped,
    )


def _check(model: LanguageModel, share_of_layer: float, least: float) -> None:
    asked = "Find neurons that fire on nearly every position."
    if not model.self_test.has(Capability.NEURONS):
        raise CapabilityError(
            asked=asked,
            found=f"Single neurons are not available for {model.spec.source}: its MLP is no sum of them.",
            remedy="The MLP as a whole can be read.",
        )
    for name, share in (("share_of_layer", share_of_layer), ("least", least)):
        if not 0 < share <= 1:
            raise AttributionError(
                asked=asked, found=f"{name} is {share}.", remedy="Choose a share above 0, and at most 1."
            )


def _directions(model: LanguageModel, layer: int) -> Float[Tensor, "d_mlp d_model"]:
    directions = model.layer_weights(layer).neuron_out
    assert directions is not None  # otherwise it was refused
    return directions


def _norms(model: LanguageModel, layer: int) -> Float[Tensor, " d_mlp"]:
    norms: Tensor = torch.linalg.vector_norm(_directions(model, layer), dim=-1)
    return norms.to(model.device)


def _count(
    model: LanguageModel,
    prompts: Sequence[str],
    n_strongest: int,
    skip_first: bool,
    progress: Progress,
) -> _Counted:
    """A prompt counts when it was read to its end."""
    norms = tuple(_norms(model, layer) for layer in range(model.dimensions.n_layers))

    def read(layer: int, activations: Float[Tensor, "pos d_mlp"]) -> _Counts:
        kept = activations[1:] if skip_first else activations
        strengths = kept.abs() * norms[layer]
        limits = strengths.topk(n_strongest).values[:, -1:]
        # Where fewer are active at all, the others are not among the strongest.
        active = (strengths >= limits) & (strengths > 0)
        return _Counts(active.sum(0), (kept > 0).sum(0), kept.sum(0, dtype=torch.float64))

    none = torch.zeros(model.dimensions.d_mlp, dtype=torch.int64, device=model.device)
    layers = [_Counts(none, none, none.double()) for _ in norms]
    n_prompts = n_positions = 0
    skipped: list[tuple[int, str]] = []
    for run in layer_readings(model, prompts, read, progress):
        if isinstance(run, SkippedPrompt):
            skipped.append((run.index, run.reason))
            continue
        layers = [sums.plus(counts) for sums, counts in zip(layers, run.layers, strict=True)]
        n_prompts += 1
        n_positions += len(run.tokens) - int(skip_first)
    return _Counted(tuple(layers), norms, n_prompts, n_positions, tuple(skipped))


def _steadiest(counted: _Counted, least: float) -> tuple[list[_Place], list[_Place]]:
    """Those at the threshold or above it, and the nearest below it; each the steadiest first."""
    counts = torch.stack([layer.active for layer in counted.layers])
    shares = counts.flatten().double() / max(1, counted.n_positions)
    order = shares.sort(descending=True, stable=True).indices[: int((counts > 0).sum())]
    n_found = int((shares[order] >= least).sum())
    places = [divmod(place, counts.shape[1]) for place in order[: n_found + NEAREST].tolist()]
    return places[:n_found], places[n_found:]


def _rows(
    model: LanguageModel,
    counted: _Counted,
    places: Sequence[_Place],
    top: int,
    progress: Progress,
) -> tuple[SteadyNeuron, ...]:
    """Each neuron beside its layer; a layer that has none of them is not read."""
    layers = sorted({layer for layer, _ in places})
    rows: dict[_Place, SteadyNeuron] = {}
    for step, layer in enumerate(layers):
        neurons = [neuron for of, neuron in places if of == layer]
        counts, lengths = counted.layers[layer], counted.norms[layer]
        telling = within(progress, step / len(layers), (step + 1) / len(layers))
        entropies, percentiles, promoted = _read(model, layer, neurons, counts, top, telling)
        for row, neuron in enumerate(neurons):
            rows[layer, neuron] = SteadyNeuron(
                layer=layer,
                neuron=neuron,
                share=int(counts.active[neuron]) / counted.n_positions,
                share_positive=int(counts.positive[neuron]) / counted.n_positions,
                mean=float(counts.total[neuron]) / counted.n_positions,
                norm=float(lengths[neuron]),
                norm_percentile=_percentile(lengths, float(lengths[neuron])),
                entropy=entropies[row],
                entropy_percentile=percentiles[row],
                promoted=promoted[row],
            )
    progress(1.0)
    return tuple(rows[place] for place in places)


def _percentile(numbers: Float[Tensor, " neuron"], own: float) -> float:
    return 100 * float((numbers < own).double().mean())


_Readings = tuple[list[float] | list[None], list[float] | list[None], list[tuple[str, ...]]]


def _read(  # noqa: PLR0913 (which neurons, and how they are read)
    model: LanguageModel, layer: int, neurons: list[int], counts: _Counts, top: int, progress: Progress
) -> _Readings:
    """Entropies, where they stand in the layer, and tokens; nothing where the lens is off."""
    if not model.self_test.has(Capability.LENS):
        return [None] * len(neurons), [None] * len(neurons), [()] * len(neurons)
    n_neurons = len(counts.total)
    chance = torch.Generator().manual_seed(layer)
    sample = torch.randperm(n_neurons, generator=chance)[:SAMPLE].tolist()
    directions, signs = _directions(model, layer)[neurons + sample], counts.total[neurons + sample]
    lengths = torch.linalg.vector_norm(directions, dim=-1, keepdim=True)
    stretched = directions / lengths.clamp(min=torch.finfo(directions.dtype).tiny)
    stretched = stretched * math.sqrt(model.dimensions.d_model)
    stretched = torch.where((signs < 0)[:, None].to(stretched.device), -stretched, stretched)
    entropies: list[float] = []
    promoted: list[tuple[str, ...]] = []
    for some in torch.split(stretched, max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)):
        logits = model.read_part(some, 1.0)
        told = logits.log_softmax(-1)
        entropies += (-(told.exp() * told).sum(-1)).tolist()
        for token_ids in strongest_tokens(logits[: max(0, len(neurons) - len(promoted))], top).tolist():
            promoted.append(model.token_strings(token_ids))
        progress(len(entropies) / len(stretched))
    own, others = entropies[: len(neurons)], torch.tensor(entropies[len(neurons) :], dtype=torch.float64)
    return own, [_percentile(others, entropy) for entropy in own], promoted
