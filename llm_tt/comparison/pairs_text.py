"""Corrections of an alignment as they are typed and stand in links: 3-4,5-,-6."""

import re
from collections.abc import Sequence
from typing import Final

from llm_tt.comparison.alignment import Pair
from llm_tt.errors import ComparisonError

LONGEST: Final = 2000
"""Characters."""

_PAIR: Final = re.compile(r"([0-9]{0,6})-([0-9]{0,6})")


def pairs_of(text: str) -> tuple[Pair, ...]:
    """The pairs of a text: two positions, or one that has no partner.

    Raises:
        ComparisonError: it says no pairs.
    """
    if not text.strip():
        return ()
    found = [_PAIR.fullmatch(piece.strip()) for piece in text[:LONGEST].split(",")]
    numbers = [
        tuple(int(number) if number else None for number in match.groups()) for match in found if match
    ]
    if len(numbers) != len(found) or (None, None) in numbers or len(text) > LONGEST:
        raise ComparisonError(
            asked=f"Align two prompts as in {text[:60]!r}.",
            found="These are no pairs of positions.",
            remedy="Write 3-4 for two that belong together, 5- or -6 for one without a partner: 3-4,5-,-6.",
        )
    return tuple((first, second) for first, second in numbers)


def pairs_text(pairs: Sequence[Pair]) -> str:
    """The same as text."""
    return ",".join("-".join("" if at is None else str(at) for at in pair) for pair in pairs)


def with_pair(pairs: Sequence[Pair], pair: Pair) -> tuple[Pair, ...]:
    """One more correction; earlier ones that it contradicts are taken back."""
    return (*(other for other in pairs if not _contradict(other, pair)), pair)


def _contradict(one: Pair, other: Pair) -> bool:
    if any(one[side] is not None and one[side] == other[side] for side in (0, 1)):
        return True
    (a, b), (c, d) = one, other
    if a is None or b is None or c is None or d is None:
        return False
    return (a < c) != (b < d)
