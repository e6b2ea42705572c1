"""The strongest tokens of each direction, found among approximate products, compiled.

Each approximate product is off by no more than a bound that is known for its token. So one pass keeps every
token that may still be among the strongest, and only those few are multiplied exactly. What comes out is what
exact products of all tokens would give.
"""

from typing import Any, no_type_check

import numpy as np
from numba import njit

_FAST = {"reassoc", "contract", "nsz"}

_ROOM = 4096
"""Tokens that are held before the weakest of them are let go."""


@no_type_check  # numba reads the bare function
@njit(nogil=True, cache=True, fastmath=_FAST)
def select(  # noqa: PLR0913 (two sides of a product, and what is known of it)
    approximate: Any,
    slack: Any,
    relative: float,
    directions: Any,
    tokens: Any,
    sign: float,
    found: Any,
    products: Any,
) -> None:
    """Write the strongest tokens of each row into `found`, and their exact products into `products`.

    `approximate[row, token]` may be off by `slack[token] + relative * |itself|`; with a sign of -1 the most
    negative products count as the strongest. Of equal products the token of the smaller number comes first.
    """
    n_tokens = approximate.shape[1]
    wanted = found.shape[1]
    places = np.empty(n_tokens, np.int32)
    lowest = np.empty(n_tokens, np.float32)
    highest = np.empty(n_tokens, np.float32)
    for row in range(approximate.shape[0]):
        numbers = approximate[row]
        limit, count, room = -np.inf, 0, max(_ROOM, 2 * wanted)
        for token in range(n_tokens):
            number = sign * numbers[token]
            width = slack[token] + relative * abs(number)
            if number + width >= limit:
                places[count], lowest[count], highest[count] = token, number - width, number + width
                count += 1
                if count == room:
                    limit = _nth_largest(lowest[:count], wanted)
                    count = _let_go(limit, places, lowest, highest, count)
                    if 2 * count > room:  # many are nearly equal
                        room = min(2 * room, n_tokens)
        count = _let_go(_nth_largest(lowest[:count], wanted), places, lowest, highest, count)
        _rescore(directions[row], tokens, sign, places[:count], found[row], products[row])


@no_type_check
@njit(nogil=True, cache=True)
def _nth_largest(numbers: Any, n: int) -> float:
    if len(numbers) < n:
        return -np.inf
    return np.partition(numbers, len(numbers) - n)[len(numbers) - n]


@no_type_check
@njit(nogil=True, cache=True)
def _let_go(limit: float, places: Any, lowest: Any, highest: Any, count: int) -> int:
    """Only what may still be among the strongest, in its order; how many that are."""
    left = 0
    for place in range(count):
        if highest[place] >= limit:
            places[left], lowest[left], highest[left] = places[place], lowest[place], highest[place]
            left += 1
    return left


@no_type_check
@njit(nogil=True, cache=True, fastmath=_FAST)
def _rescore(  # noqa: PLR0913 (a row of `select`)
    direction: Any, tokens: Any, sign: float, places: Any, found: Any, products: Any
) -> None:
    exact = np.empty(len(places), np.float32)
    for place in range(len(places)):
        row = tokens[places[place]]
        total = np.float32(0)
        for k in range(len(direction)):
            total += direction[k] * row[k]
        exact[place] = total
    order = np.argsort(-sign * exact, kind="mergesort")
    for place in range(len(found)):
        found[place] = places[order[place]]
        products[place] = exact[order[place]]
