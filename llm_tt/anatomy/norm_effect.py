"""What the norm in front of a layer's attention or MLP does to the prediction of a state.

The state before the norm and the state behind it are both read by the logit lens; so tokens that the norm
brings up, and tokens that it takes back, can be seen (the norm as a filter of meaning).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.divergence import divergence
from llm_tt.attribution.target import resolve_position
from llm_tt.errors import AttributionError, CapabilityError
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE
from llm_tt.lens.token_ranking import check_lens, ranks_of, strongest_tokens
from llm_tt.lens.written import check_part
from llm_tt.model.frozen_norm import FrozenNorm
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace

NormName = Literal["attention", "mlp"]

NORMS: Final[dict[str, str]] = {
    "attention": "The norm in front of the layer's attention.",
    "mlp": "The norm in front of the layer's MLP.",
}
"""The norms of a layer, each in one sentence."""


@dataclass(frozen=True, slots=True)
class TokenShift:
    """One token on both sides of a norm; plain values."""

    token_id: int
    token: str
    before: float
    """Its probability in the state that enters the norm."""
    after: float
    """In the state that the norm puts out."""
    rank_before: int
    """1 is the best."""
    rank_after: int

    @property
    def change(self) -> float:
        """What it gained, or lost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class NormEffect:
    """A norm's effect at one position, or the mean over several; plain values."""

    layer: int
    norm: NormName
    position: int | None
    """None for all positions of the prompt: probabilities, entropies and the divergence are means."""
    is_shared: bool
    """One norm serves attention and MLP."""
    before: tuple[TokenShift, ...]
    """The tokens that the state before the norm predicts, best first."""
    after: tuple[TokenShift, ...]
    """Those that the state behind it predicts."""
    gains: tuple[TokenShift, ...]
    """The tokens that gain most probability, most first; none that does not gain."""
    losses: tuple[TokenShift, ...]
    """The tokens that lose most."""
    entropy_before: float
    """In nats."""
    entropy_after: float
    divergence: float
    """Of what is predicted behind the norm from what is predicted before it, in nats."""


@torch.no_grad()
def norm_effect(  # noqa: PLR0913 (which norm, where, and how much is listed)
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    norm: NormName,
    position: int | None = None,
    top: int = 10,
    *,
    progress: Progress = silent,
) -> NormEffect:
    """Read the states on both sides of a norm; without a position, all positions of the prompt together.

    Raises:
        AttributionError: there is no such norm.
        CapabilityError: this family has no norm there, or the logit lens is switched off for this model.
        TargetError: there is no such layer or position.
    """
    check_lens(model)
    places = range(len(trace.prompt)) if position is None else [resolve_position(trace, position)]
    check_part(trace, Part("mlp", layer, places[0]))
    applied, is_shared = norm_of(model, layer, norm)
    between = trace.resid_pre if trace.resid_mid is None else trace.resid_mid
    states = (trace.resid_pre if norm == "attention" else between)[layer]
    before, after, (entropy_before, entropy_after, distance) = _sides(
        model, applied, states, places, progress
    )
    changes = after - before

    def listed(numbers: Tensor, *, above: float = -1.0) -> tuple[TokenShift, ...]:
        best = strongest_tokens(numbers, top)
        return _shifts(model, before, after, best[numbers[best] > above].tolist())

    return NormEffect(
        layer=layer,
        norm=norm,
        position=None if position is None else places[0],
        is_shared=is_shared,
        before=listed(before),
        after=listed(after),
        gains=listed(changes, above=0.0),
        losses=listed(-changes, above=0.0),
        entropy_before=entropy_before,
        entropy_after=entropy_after,
        divergence=distance,
    )


def norm_of(model: LanguageModel, layer: int, norm: str) -> tuple[FrozenNorm, bool]:
    """A norm of a layer, and whether it serves attention and MLP alike.

    Raises:
        AttributionError: there is no such norm.
        CapabilityError: this family has none there.
    """
    if norm not in NORMS:
        raise AttributionError(
            asked=f"Show what the norm {norm!r} of layer {layer} does.",
            found=f"The norms of a layer are {' and '.join(NORMS)}.",
            remedy="Choose one of them.",
        )
    norms = model.block_norms(layer)
    found, half = (norms.attention, "attention") if norm == "attention" else (norms.mlp, "MLP")
    if found.epsilon is None:
        raise CapabilityError(
            asked=f"Show what the norm in front of the {half} of layer {layer} does.",
            found=f"{model.spec.source} has no norm there: its {half} reads the state as it is.",
            remedy="Every state itself can be read on the Trace page.",
        )
    return found, norms.is_shared


def _sides(
    model: LanguageModel,
    norm: FrozenNorm,
    states: Float[Tensor, "pos d_model"],
    places: Sequence[int],
    progress: Progress,
) -> tuple[Float[Tensor, " d_vocab"], Float[Tensor, " d_vocab"], tuple[float, float, float]]:
    """Mean probabilities before and behind a norm; mean entropies, and the mean divergence."""
    n_tokens = model.dimensions.d_vocab
    at_once = max(1, NUMBERS_AT_ONCE // (2 * n_tokens))
    sums = torch.zeros(2, n_tokens, dtype=torch.float64, device=model.device)
    numbers = torch.zeros(3, dtype=torch.float64)
    for start in range(0, len(places), at_once):
        some = states[list(places[start : start + at_once])]
        here = some if norm.weight is None else some.to(norm.weight.device)
        read = [model.read_out(side).to(model.compute_dtype) for side in (some, norm.normed(here))]
        for side, logits in enumerate(read):
            told = logits.log_softmax(-1)
            shares = told.exp()
            numbers[side] -= float(torch.where(shares > 0, shares * told, 0.0).double().sum())
            sums[side] += shares.sum(0, dtype=torch.float64)
        numbers[2] += float(divergence(*read).double().sum())
        progress((start + len(some)) / len(places))
    before, after = sums / len(places)
    entropy_before, entropy_after, distance = (numbers / len(places)).tolist()
    return before, after, (entropy_before, entropy_after, distance)


def _shifts(
    model: LanguageModel,
    before: Float[Tensor, " d_vocab"],
    after: Float[Tensor, " d_vocab"],
    token_ids: list[int],
) -> tuple[TokenShift, ...]:
    columns = (
        token_ids,
        model.token_strings(token_ids),
        before[token_ids].tolist(),
        after[token_ids].tolist(),
        ranks_of(before, token_ids),
        ranks_of(after, token_ids),
    )
    return tuple(TokenShift(*row) for row in zip(*columns, strict=True))
