"""Two runs of one prompt, side by side: what changed in the prediction, and where it began."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.divergence import divergence
from llm_tt.attribution.target import Target, resolve_position
from llm_tt.errors import TargetError
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE, LogitSummary, summary_of
from llm_tt.lens.state_reading import state_logits, states_of
from llm_tt.lens.token_ranking import check_lens, strongest_tokens
from llm_tt.lens.written import written_by
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

TOUCHED = 1e-6
"""Relative distance above which a state counts as changed: less is rounding."""


@dataclass(frozen=True, slots=True)
class TokenChange:
    """A token's probability in both predictions."""

    token_id: int
    string: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class StateChange:
    """What a state predicts in both runs; plain values."""

    part: Part
    token_before: str
    token_after: str
    probability_before: float
    """Of the most likely token."""
    probability_after: float
    target_probability_before: float
    target_probability_after: float
    target_rank_before: int
    """1 is the best."""
    target_rank_after: int
    kl: float
    """Of the edited state's prediction from the base's, in nats."""
    distance: float
    """Between both states, as a share of the base's length."""
    parts_ways: bool
    """Whether the most likely token is another."""


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The same prediction in two runs; plain values."""

    target: Target
    tokens: tuple[TokenChange, ...]
    """The strongest tokens of either, the largest probability first."""
    kl: float
    """Of the edited prediction from the base's, in nats: 0 where nothing changed."""
    logit_before: float
    """Of the target."""
    logit_after: float
    probability_before: float
    probability_after: float
    rank_before: int
    rank_after: int
    metric_before: float
    """What the target measures: its logit, a difference of two, or a log-probability."""
    metric_after: float
    states: tuple[StateChange, ...]
    """At the target's position, from the embedding to the prediction."""
    first_touched: Part | None
    """The first of these states that differs by more than rounding; None if none does."""
    first_parting: Part | None
    """The first whose most likely token is another; None if none is."""

    @property
    def is_flipped(self) -> bool:
        """Whether the model now predicts another token."""
        return self.states[-1].parts_ways


@torch.no_grad()
def compare_runs(
    model: LanguageModel, base: ForwardTrace, edited: ForwardTrace, target: Target, *, top: int = 10
) -> RunComparison:
    """Compare an edited run of a prompt with its base, at the target's position.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: these are runs of different prompts, or the target lies outside.
    """
    check_lens(model)
    if base.prompt.token_ids != edited.prompt.token_ids:
        raise TargetError(
            asked="Compare two runs.",
            found=f"One is of {base.prompt.text!r}, the other of {edited.prompt.text!r}.",
            remedy="Compare runs of the same prompt.",
        )
    position = resolve_position(base, target.position)
    states = _states(model, base, edited, position, target.token_id)
    before, after = base.logits[position], edited.logits[position]
    both = torch.stack([before, after])
    own = summary_of(both, torch.full((2,), target.token_id))
    logits, probabilities = own.target_logits.tolist(), own.target_probabilities.tolist()
    ranks, measured = own.target_ranks.tolist(), target.measure(both).tolist()
    return RunComparison(
        target=target,
        tokens=_tokens(model, both, top),
        kl=float(divergence(before, after)),
        logit_before=logits[0],
        logit_after=logits[1],
        probability_before=probabilities[0],
        probability_after=probabilities[1],
        rank_before=ranks[0],
        rank_after=ranks[1],
        metric_before=measured[0],
        metric_after=measured[1],
        states=states,
        first_touched=next((state.part for state in states if state.distance > TOUCHED), None),
        first_parting=next((state.part for state in states if state.parts_ways), None),
    )


def _tokens(model: LanguageModel, both: Float[Tensor, "2 d_vocab"], top: int) -> tuple[TokenChange, ...]:
    token_ids = sorted({token_id for best in strongest_tokens(both, top).tolist() for token_id in best})
    before, after = both.softmax(-1)[:, token_ids].tolist()
    found = map(TokenChange, token_ids, model.token_strings(token_ids), before, after)
    return tuple(sorted(found, key=lambda change: -max(change.before, change.after)))


def _states(
    model: LanguageModel, base: ForwardTrace, edited: ForwardTrace, position: int, token_id: int
) -> tuple[StateChange, ...]:
    parts = states_of(base, position)
    at_once = max(1, NUMBERS_AT_ONCE // (2 * model.dimensions.d_vocab))
    found: list[StateChange] = []
    for start in range(0, len(parts), at_once):
        some = list(parts[start : start + at_once])
        before, after = (state_logits(model, trace, some) for trace in (base, edited))
        own = torch.full((len(some),), token_id)
        read = summary_of(before, own), summary_of(after, own)
        vectors = [torch.stack([written_by(model, trace, part) for part in some]) for trace in (base, edited)]
        found += _changes(model, some, read, divergence(before, after).tolist(), _distance(*vectors).tolist())
    return tuple(found)


def _changes(
    model: LanguageModel,
    parts: list[Part],
    read: tuple[LogitSummary, LogitSummary],
    kl: list[float],
    distances: list[float],
) -> list[StateChange]:
    token_ids = [summary.token_ids.tolist() for summary in read]
    tokens = [model.token_strings(some) for some in token_ids]
    probabilities = [summary.probabilities.tolist() for summary in read]
    targets = [summary.target_probabilities.tolist() for summary in read]
    ranks = [summary.target_ranks.tolist() for summary in read]
    parting = [before != after for before, after in zip(*token_ids, strict=True)]
    columns = (*tokens, *probabilities, *targets, *ranks, kl, distances, parting)
    return [StateChange(part, *row) for part, *row in zip(parts, *columns, strict=True)]


def _distance(
    before: Float[Tensor, "state d_model"], after: Float[Tensor, "state d_model"]
) -> Float[Tensor, " state"]:
    moved: Tensor = torch.linalg.vector_norm(after - before, dim=-1)
    smallest = torch.finfo(moved.dtype).tiny  # a state of zeros has no length to measure by
    length: Tensor = torch.linalg.vector_norm(before, dim=-1).clamp(min=smallest)
    return moved / length
