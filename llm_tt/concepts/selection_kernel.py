"""The inner loops of the selection. Plain loops: numba turns them into vector instructions.

Threads are Python's: the compiled code runs without the lock, and each call has rows or tokens of its own.
"""

from typing import Any, Final, no_type_check

import numpy as np
from numba import njit

from llm_tt.attribution.wide_vectors import prefer_wide_vectors

prefer_wide_vectors()

GROUP: Final = 64
"""Tokens whose largest and smallest products are bounded together."""

# Sums and maxima may be reordered; products hold no NaN, for weights are checked to be finite.
_FAST = {"reassoc", "contract", "nsz", "nnan"}


@no_type_check  # numba reads the bare function
@njit(nogil=True, cache=True)
def find_candidates(  # noqa: PLR0913
    products: Any, error: Any, slack: Any, rank: int, found: Any, counts: Any
) -> None:
    """For each row of bfloat16 products, given as 16-bit integers: the tokens that may be on its lists.

    A true product differs from the given one by at most slack * its size + the token's error. Written are the
    ids in the order of the vocabulary, [row 2 place], of the largest products and of the smallest, and how
    many they are, [row 2]; -1 where there are more than places.
    """
    wide = np.empty(products.shape[1], np.uint32)
    for row in range(len(products)):
        _widen(products[row], wide)
        _both_ends(wide.view(np.float32), error, slack, rank, found[row], counts[row])


@no_type_check
@njit(nogil=True, cache=True)
def find_candidates_of_singles(  # noqa: PLR0913
    products: Any, error: Any, slack: Any, rank: int, found: Any, counts: Any
) -> None:
    """The same for products in single precision."""
    for row in range(len(products)):
        _both_ends(products[row], error, slack, rank, found[row], counts[row])


@no_type_check
@njit(nogil=True, cache=True)
def score(  # noqa: PLR0913
    rows: Any, tokens: Any, low: int, high: int, found: Any, counts: Any, values: Any
) -> None:
    """Write the products of the candidates with ids from `low` to `high`.

    Token by token, so that each is read once for all rows.
    """
    pairs, ends = _by_token(low, high, found, counts)
    pair = 0
    for token in range(high - low):
        while pair < ends[token]:
            row, end, place = pairs[pair]
            values[row, end, place] = _dot(rows[row], tokens[low + token])
            pair += 1


@no_type_check
@njit(nogil=True, cache=True)
def rank_candidates(found: Any, counts: Any, values: Any, ids: Any, strengths: Any) -> None:
    """The best candidates of each row and end, best first; equal ones in the order of the vocabulary."""
    for row in range(len(counts)):
        for end in range(2):
            count, sign = counts[row, end], np.float32(2 * end - 1)
            own = values[row, end, :count]
            order = np.argsort(sign * own, kind="mergesort")
            for place in range(min(count, ids.shape[2])):
                ids[row, end, place] = found[row, end, order[place]]
                strengths[row, end, place] = own[order[place]]


@no_type_check
@njit(nogil=True, cache=True)
def products_with_one(halves: Any, vector: Any, result: Any) -> None:
    """Products of rows in half precision, given as 16-bit integers, with one vector."""
    wide = np.empty(halves.shape[1], np.uint32)
    far = vector * np.float32(2.0**112)  # so much smaller is a half whose bits are read as single precision
    for row in range(len(halves)):
        _move_bits(halves[row], wide)
        result[row] = _dot(wide.view(np.float32), far)


@no_type_check
@njit(nogil=True, fastmath=_FAST)
def _move_bits(halves: Any, wide: Any) -> None:
    for i in range(len(halves)):
        bits = np.uint32(halves[i])
        wide[i] = ((bits & np.uint32(0x7FFF)) << np.uint32(13)) | (
            (bits & np.uint32(0x8000)) << np.uint32(16)
        )


@no_type_check
@njit(nogil=True)
def _by_token(low: int, high: int, found: Any, counts: Any) -> Any:
    """The places (row, end, place) of candidates, sorted by counting; and where those of each token end."""
    last = high - low
    numbers = np.zeros(last + 1, np.int64)  # the one behind the last is for tokens of others
    for row, end in np.ndindex(counts.shape):
        for token in found[row, end, : counts[row, end]]:
            numbers[token - low if low <= token < high else last] += 1
    ends = np.cumsum(numbers) - numbers
    pairs = np.empty((ends[last], 3), np.int32)
    for row, end in np.ndindex(counts.shape):
        for place in range(counts[row, end]):
            token = found[row, end, place]
            if low <= token < high:
                pair = ends[token - low]
                pairs[pair, 0], pairs[pair, 1], pairs[pair, 2] = row, end, place
                ends[token - low] += 1
    return pairs, ends


@no_type_check
@njit(nogil=True, fastmath=_FAST)
def _dot(row: Any, token: Any) -> Any:
    """In single precision; equal tokens give equal numbers."""
    total = np.float32(0)
    for i in range(len(row)):
        total += row[i] * token[i]
    return total


@no_type_check
@njit(nogil=True, fastmath=_FAST)
def _widen(halves: Any, wide: Any) -> None:
    """Bfloat16 is the upper half of single precision."""
    for i in range(len(halves)):
        wide[i] = np.uint32(halves[i]) << np.uint32(16)


@no_type_check
@njit(nogil=True)
def _both_ends(products: Any, error: Any, slack: Any, rank: int, found: Any, counts: Any) -> None:  # noqa: PLR0913
    n_groups = (len(products) + GROUP - 1) // GROUP
    low, high = np.empty((2, n_groups), np.float32), np.empty((2, n_groups), np.float32)
    _bound_groups(products, error, slack, low, high)
    sure = np.empty(found.shape[1], np.float32)
    for end in range(2):
        counts[end] = _one_end(products, error, slack, rank, low[end], high[end], end, found[end], sure)


@no_type_check
@njit(nogil=True, fastmath=_FAST)
def _bound_groups(products: Any, error: Any, slack: Any, low: Any, high: Any) -> None:
    """Bounds of the largest true product of each group, and of the smallest with its sign turned."""
    for group in range(low.shape[1]):
        first = group * GROUP
        values = products[first : first + GROUP]
        errors = error[first : first + GROUP]
        most_low = most_high = least_low = least_high = np.float32(-np.inf)
        for place in range(len(values)):
            value = values[place]
            wide = errors[place] + slack * abs(value)
            most_low, most_high = max(most_low, value - wide), max(most_high, value + wide)
            least_low, least_high = max(least_low, -value - wide), max(least_high, wide - value)
        low[0, group], high[0, group] = most_low, most_high
        low[1, group], high[1, group] = least_low, least_high


@no_type_check
@njit(nogil=True)
def _one_end(  # noqa: PLR0913
    products: Any, error: Any, slack: Any, rank: int, low: Any, high: Any, end: int, found: Any, sure: Any
) -> int:
    sign = np.float32(1 - 2 * end)
    # As many groups as wanted reach this, so the last one wanted is not below it.
    floor = np.partition(low, len(low) - rank)[len(low) - rank] if len(low) >= rank else np.float32(-np.inf)
    count = 0
    for group in range(len(low)):
        if high[group] >= floor:
            for token in range(group * GROUP, min((group + 1) * GROUP, len(products))):
                value = sign * products[token]
                wide = error[token] + slack * abs(value)
                if value + wide >= floor:
                    if count == len(found):
                        return -1
                    found[count], sure[count] = token, value - wide
                    count += 1
    if count <= rank:
        return count
    floor = np.partition(sure[:count], count - rank)[count - rank]  # the same, now token by token
    kept = 0
    for place in range(count):
        value = sign * products[found[place]]
        if value + (error[found[place]] + slack * abs(value)) >= floor:
            found[kept] = found[place]
            kept += 1
    return kept
