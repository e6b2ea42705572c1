"""`Alignment`: which positions of two prompts belong together, as one row of columns.

A column holds a position of the first prompt, one of the second, or both. Read from left to right, both
prompts stand there whole and in their order, so nothing that looked back looks ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from jaxtyping import Int

from llm_tt.comparison.token_steps import ONLY_FIRST, ONLY_SECOND, token_steps
from llm_tt.errors import ComparisonError

Pair = tuple[int | None, int | None]
"""A position of each prompt; None where the other one has no partner."""

Side = Literal[0, 1]
"""The first or the second of two."""

BETWEEN: Final = " | "
"""Stands between two tokens that share a column."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A plain value."""

    columns: tuple[Pair, ...]

    def __post_init__(self) -> None:
        for side in (0, 1):
            found = [column[side] for column in self.columns if column[side] is not None]
            if found != list(range(len(found))) or not found:
                raise ComparisonError(
                    asked="Align two prompts.",
                    found=f"The columns hold these positions of the {_SIDES[side]} prompt: {found[:20]}.",
                    remedy="Every position of both has to be there once, in order.",
                )
        if (None, None) in self.columns:
            raise ComparisonError(
                asked="Align two prompts.",
                found="A column holds no position.",
                remedy="Leave it out.",
            )

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def is_by_position(self) -> bool:
        """Whether each position stands beside the same one of the other prompt."""
        return all(first == second for first, second in self.columns)

    def columns_of(self, side: Side) -> Int[np.ndarray, " pos"]:
        """The column of every position of one prompt."""
        return np.array([at for at, column in enumerate(self.columns) if column[side] is not None])

    def partner(self, position: int, of: Side) -> int | None:
        """Which position of the other prompt shares the column of a position `of` one."""
        column = next(column for column in self.columns if column[of] == position)
        return column[1 - of]

    def labels(self, first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
        """The token of each column; of two different ones, both."""
        told = []
        for one, other in self.columns:
            tokens = [tokens[at] for tokens, at in ((first, one), (second, other)) if at is not None]
            told.append(BETWEEN.join(dict.fromkeys(tokens)))
        return tuple(told)


_SIDES: Final = ("first", "second")


def align(
    first: Sequence[str],
    second: Sequence[str],
    pairs: Sequence[Pair] = (),
    *,
    target: tuple[int, int] | None = None,
) -> Alignment:
    """The columns of two prompts, given as tokens.

    Prompts of one length are aligned by position, others by their tokens: with the fewest changes, the ends
    of what differs beside each other. `pairs` are a person's corrections and hold; what lies between them is
    aligned by itself, by the same rule. `target` are the positions whose predictions are compared, by
    default the last ones; they always share a column.

    Raises:
        ComparisonError: a pair lies outside, crosses another one, or gives a position two partners.
    """
    lengths = len(first), len(second)
    at = target or (lengths[0] - 1, lengths[1] - 1)
    _check_inside([*pairs, at], lengths)
    whole = sorted({(i, j) for i, j in [*pairs, at] if i is not None and j is not None})
    alone = [{pair[side] for pair in pairs if pair[1 - side] is None} - {None} for side in (0, 1)]
    _check_order(whole, alone, at)
    columns: list[Pair] = []
    start = (0, 0)
    for end in [*whole, lengths]:
        columns += _between(first, second, start, end, alone)
        if end != lengths:
            columns.append(end)
        start = end[0] + 1, end[1] + 1
    return Alignment(tuple(columns))


def _between(
    first: Sequence[str],
    second: Sequence[str],
    start: tuple[int, int],
    end: tuple[int, int],
    alone: list[set[int | None]],
) -> list[Pair]:
    """The columns of a stretch between two pairs that are given."""
    stretch = range(start[0], end[0]), range(start[1], end[1])
    is_free = not any(at in alone[side] for side in (0, 1) for at in stretch[side])
    if len(stretch[0]) == len(stretch[1]) and is_free:
        return list(zip(*stretch, strict=True))
    steps = token_steps(
        [first[at] for at in stretch[0]],
        [second[at] for at in stretch[1]],
        ([at in alone[0] for at in stretch[0]], [at in alone[1] for at in stretch[1]]),
    )
    places = iter(stretch[0]), iter(stretch[1])
    return [
        (
            None if step == ONLY_SECOND else next(places[0]),
            None if step == ONLY_FIRST else next(places[1]),
        )
        for step in steps
    ]


def _check_inside(pairs: Sequence[Pair], lengths: tuple[int, int]) -> None:
    for pair in pairs:
        if pair == (None, None):
            raise _refusal(pair, "It names no position.")
        for side in (0, 1):
            position = pair[side]
            if position is not None and not 0 <= position < lengths[side]:
                last = lengths[side] - 1
                raise _refusal(pair, f"The {_SIDES[side]} prompt's positions are 0 to {last}.")


def _check_order(whole: list[tuple[int, int]], alone: list[set[int | None]], target: tuple[int, int]) -> None:
    for (i, j), later in pairwise(whole):
        if later[0] > i and later[1] > j:
            continue
        asked, other = ((i, j), later) if later == target else (later, (i, j))
        why = "what is explained, which stays together" if other == target else "another pair"
        if later[0] == i or later[1] == j:
            raise _refusal(asked, f"One of them already belongs to {other[0]} and {other[1]}, {why}.")
        raise _refusal(asked, f"It crosses {other[0]} and {other[1]}, {why}.")
    for pair in whole:
        if pair[0] in alone[0] or pair[1] in alone[1]:
            why = "is what is explained, and stays together" if pair == target else "is a pair"
            side = 0 if pair[0] in alone[0] else 1
            raise _refusal(
                (pair[0], None) if side == 0 else (None, pair[1]), f"{pair[0]} and {pair[1]} {why}."
            )


def _refusal(pair: Pair, found: str) -> ComparisonError:
    first, second = pair
    if first is not None and second is not None:
        asked = f"Align position {first} of the first prompt with position {second} of the second."
    else:
        side, position = (_SIDES[0], first) if second is None else (_SIDES[1], second)
        asked = f"Leave position {position} of the {side} prompt without a partner."
    return ComparisonError(
        asked=asked, found=found, remedy="Choose others, or take the other pair back first."
    )
