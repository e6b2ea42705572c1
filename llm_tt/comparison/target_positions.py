"""Which two predictions are compared."""

from collections.abc import Sequence

from llm_tt.comparison.alignment import Pair, align
from llm_tt.errors import ComparisonError


def target_positions(
    first: Sequence[str], second: Sequence[str], position: int, pairs: Sequence[Pair] = ()
) -> tuple[int, int]:
    """A position of the first prompt and its partner; the last ones belong to each other.

    Raises:
        ComparisonError: the position is outside, or has no partner.
    """
    ends = len(first) - 1, len(second) - 1
    if not -len(first) <= position <= ends[0]:
        raise ComparisonError(
            asked=f"Compare the predictions at position {position}.",
            found=f"The first prompt has {len(first)} tokens.",
            remedy=f"Choose a position from 0 to {ends[0]}, or from -{len(first)} to -1.",
        )
    position %= len(first)
    if position == ends[0]:
        return ends
    partner = align(first, second, pairs).partner(position, of=0)
    if partner is None:
        raise ComparisonError(
            asked=f"Compare the predictions at position {position}.",
            found="That token of the first prompt has no partner in the second one.",
            remedy="Choose a position that both have, or correct the alignment.",
        )
    return position, partner
