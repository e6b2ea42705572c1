"""The way from one row of tokens to another with the fewest changes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Bool, Int

BOTH: Final = 0
ONLY_FIRST: Final = 1
ONLY_SECOND: Final = 2

_NEVER: Final = 1 << 20
"""More than all tokens of a prompt could cost."""


def token_steps(
    first: Sequence[str], second: Sequence[str], alone: tuple[Sequence[bool], Sequence[bool]]
) -> list[int]:
    """One step a column: a token of both, or of one alone; `alone` says which have to be.

    A change costs as much as leaving a token out. Of equally short ways the one is taken that brings together
    the ends of what differs: of a name of two tokens the last one stands beside a name of one, because only
    there does a model that reads from left to right know all of it.
    """
    costs = _pair_costs(first, second, alone)
    least = _least_costs(costs)
    i, j = len(first), len(second)
    steps: list[int] = []
    while i or j:
        here = least[i, j]
        if i and j and here == least[i - 1, j - 1] + costs[i - 1, j - 1]:
            steps.append(BOTH)
            i, j = i - 1, j - 1
        elif j and here == least[i, j - 1] + 1:
            steps.append(ONLY_SECOND)
            j -= 1
        else:
            steps.append(ONLY_FIRST)
            i -= 1
    return steps[::-1]


def _pair_costs(
    first: Sequence[str], second: Sequence[str], alone: tuple[Sequence[bool], Sequence[bool]]
) -> Int[np.ndarray, "first second"]:
    _, numbers = np.unique([*first, *second], return_inverse=True)
    ours, theirs = numbers[: len(first), None], numbers[len(first) :]
    costs: Int[np.ndarray, "first second"] = (ours != theirs).astype(np.int32)
    costs[_mask(alone[0]), :] = _NEVER
    costs[:, _mask(alone[1])] = _NEVER
    return costs


def _mask(flags: Sequence[bool]) -> Bool[np.ndarray, " token"]:
    return np.array(flags, bool)


def _least_costs(costs: Int[np.ndarray, "first second"]) -> Int[np.ndarray, "first+1 second+1"]:
    """Of the way up to each pair of places; row by row, each row at once."""
    n_first, n_second = costs.shape
    places = np.arange(n_second + 1, dtype=np.int32)
    least = np.empty((n_first + 1, n_second + 1), np.int32)
    least[0] = places
    for i in range(n_first):
        row = least[i] + 1
        row[1:] = np.minimum(row[1:], least[i, :-1] + costs[i])
        # Leaving out tokens of the second row costs one each: the least over all places further left.
        least[i + 1] = np.minimum.accumulate(row - places) + places
    return least
