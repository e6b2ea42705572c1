"""Which tokens a vector promotes and suppresses, wherever it is written into the stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.target import resolve_position
from llm_tt.errors import AttributionError
from llm_tt.lens.token_ranking import check_lens, strongest_tokens
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

Reading = Literal["exact", "alone"]

READINGS: dict[str, str] = {
    "exact": "Exact change of the logits, final norm frozen: parts add up to the whole.",
    "alone": "As in LM-TT: the final norm applied to this vector alone.",
}
"""Each reading in one sentence; the first is the default, the second the LM Transparency Tool's."""

NUMBERS_AT_ONCE = 1 << 23
"""Logits that are held at once: 32 MiB in single precision."""


@dataclass(frozen=True, slots=True)
class TokenChanges:
    """Some tokens, strongest first; plain values."""

    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    changes: tuple[float, ...]
    """Of the logits; under the reading "alone", the logits themselves."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """The tokens that a vector makes most and least likely."""

    reading: Reading
    promoted: TokenChanges
    suppressed: TokenChanges


@torch.no_grad()
def promoted_tokens(  # noqa: PLR0913 (what is read, where, and how)
    model: LanguageModel,
    trace: ForwardTrace,
    vector: Float[Tensor, " d_model"],
    position: int,
    *,
    top: int = 10,
    reading: Reading = "exact",
) -> Promotion:
    """The tokens that a vector, written at a position, promotes and suppresses there.

    Raises:
        AttributionError: there is no such reading.
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the position is outside the prompt.
    """
    check_reading(reading)
    if reading == "exact":
        changes = _changes(model, trace, vector, position)
    else:
        check_lens(model)
        changes = model.read_out(vector).to(model.compute_dtype)
    return promotion_of(model, changes, top=top, reading=reading)


def check_reading(reading: str) -> None:
    """Refuse a reading that there is not.

    Raises:
        AttributionError: there is no such reading.
    """
    if reading not in READINGS:
        raise AttributionError(
            asked=f"Read a vector in the way {reading!r}.",
            found=f"The readings are {' and '.join(READINGS)}.",
            remedy="Choose one of them.",
        )


def promotion_of(
    model: LanguageModel, changes: Float[Tensor, " d_vocab"], *, top: int, reading: Reading = "exact"
) -> Promotion:
    """The largest and the smallest of some changes, as tokens."""
    return Promotion(
        reading,
        promoted=_strongest(model, changes, strongest_tokens(changes, top)),
        suppressed=_strongest(model, changes, strongest_tokens(-changes, top)),
    )


@torch.no_grad()
def promoted_by_each(
    model: LanguageModel,
    trace: ForwardTrace,
    vectors: Float[Tensor, "vector d_model"],
    positions: Sequence[int],
    top: int = 3,
) -> list[tuple[str, ...]]:
    """The tokens that each vector, written at its position, promotes most; a vector of zeros promotes none.

    Memory stays bounded.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: a position is outside the prompt.
    """
    check_lens(model)
    places = [resolve_position(trace, position) for position in positions]
    scales = trace.final_norm_scale[places]
    rows = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    found: list[tuple[str, ...]] = []
    for some, their_scales in zip(torch.split(vectors, rows), torch.split(scales, rows), strict=True):
        best = strongest_tokens(model.read_part(some, their_scales), top)
        is_zero = (some == 0).all(-1).tolist()
        found += [
            () if zero else model.token_strings(token_ids)
            for zero, token_ids in zip(is_zero, best.tolist(), strict=True)
        ]
    return found


@torch.no_grad()
def change_of_tokens(
    model: LanguageModel,
    trace: ForwardTrace,
    vector: Float[Tensor, " d_model"],
    position: int,
    token_ids: Sequence[int],
) -> tuple[float, ...]:
    """What a vector, written at a position, changes in the logits of some tokens there.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the position is outside the prompt.
    """
    return tuple(_changes(model, trace, vector, position)[list(token_ids)].tolist())


def _changes(model: LanguageModel, trace: ForwardTrace, vector: Tensor, position: int) -> Tensor:
    check_lens(model)
    return model.read_part(vector, trace.final_norm_scale[resolve_position(trace, position)])


def _strongest(model: LanguageModel, changes: Tensor, best: Tensor) -> TokenChanges:
    token_ids = tuple(best.tolist())
    return TokenChanges(token_ids, model.token_strings(token_ids), tuple(changes[best].tolist()))
