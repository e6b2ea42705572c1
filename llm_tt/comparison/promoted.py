"""What one component promotes in two runs: the tokens, their places, and what changed."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.target import resolve_position
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.errors import ComparisonError
from llm_tt.lens.token_ranking import check_lens, ranks_of, strongest_tokens
from llm_tt.lens.written import check_part, written_by
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True)
class TokenPromotion:
    """A token, and what the component does to its logit in both runs; a plain value."""

    token_id: int
    string: str
    first: float | None
    """Change of its logit, the final norm frozen; None where the first run has no such part."""
    second: float | None
    first_rank: int | None
    """Among all tokens, 1 for the one that is promoted most."""
    second_rank: int | None

    @property
    def change(self) -> float:
        """How much more it is promoted in the second run; a part that is not there promotes nothing."""
        return (self.second or 0.0) - (self.first or 0.0)


@dataclass(frozen=True, slots=True)
class PromotedDifference:
    """Tokens of one component in two runs; plain values."""

    first_part: Part | None
    """Where it is in the first prompt; None where that has no such position."""
    second_part: Part | None
    tokens: tuple[TokenPromotion, ...]
    """Those that either promotes most and those that changed most, the largest change first."""


@torch.no_grad()
def promoted_difference(
    first: ExplainedRun, second: ExplainedRun, parts: tuple[Part | None, Part | None], *, top: int = 10
) -> PromotedDifference:
    """What a part does to logits in both runs, by token; both models need one vocabulary.

    Raises:
        ComparisonError: neither run has such a part.
        TargetError: a part lies outside of its model or prompt.
        CapabilityError: the logit lens is switched off, or a model has no single neurons.
    """
    sides = [
        None if part is None else _changes(run, part)
        for run, part in zip((first, second), parts, strict=True)
    ]
    there = [changes for changes in sides if changes is not None]
    if not there:
        raise ComparisonError(
            asked="Compare what a component promotes.",
            found="Neither prompt has it.",
            remedy="Name a part whose column belongs to one of them.",
        )
    nothing = torch.zeros_like(there[0])
    ours, theirs = (nothing if changes is None else changes.to(nothing) for changes in sides)
    moved = theirs - ours
    found = [strongest_tokens(numbers, top) for numbers in (*there, moved, -moved)]
    token_ids = torch.unique(torch.cat(found)).tolist()
    numbers = [_numbers(changes, token_ids) for changes in sides]
    told = (
        TokenPromotion(token_id, string, *amounts, *places)
        for token_id, string, amounts, places in zip(
            token_ids,
            first.model.token_strings(token_ids),
            zip(numbers[0][0], numbers[1][0], strict=True),
            zip(numbers[0][1], numbers[1][1], strict=True),
            strict=True,
        )
    )
    tokens = tuple(sorted(told, key=lambda token: -abs(token.change)))
    return PromotedDifference(*parts, tokens)


def _changes(run: ExplainedRun, part: Part) -> Float[Tensor, " d_vocab"]:
    check_lens(run.model)
    check_part(run.trace, part)
    scale = run.trace.final_norm_scale[resolve_position(run.trace, part.position)]
    changes: Tensor = run.model.read_part(written_by(run.model, run.trace, part), scale)
    return changes


def _numbers(
    changes: Float[Tensor, " d_vocab"] | None, token_ids: list[int]
) -> tuple[list[float | None], list[int | None]]:
    if changes is None:
        return [None] * len(token_ids), [None] * len(token_ids)
    return list(changes[token_ids].tolist()), list(ranks_of(changes, token_ids))
