"""The inner loop of the proximity kernel. Plain loops: numba turns them into vector instructions."""

from typing import Any, no_type_check

import numpy as np
from numba import njit

from llm_tt.attribution.wide_vectors import prefer_wide_vectors

prefer_wide_vectors()

# Sums may be reordered, which is what makes them vector sums; NaN and infinity keep their meaning.
_FAST = {"reassoc", "contract", "nsz"}


@no_type_check  # numba reads the bare function
@njit(nogil=True, cache=True, fastmath=_FAST)
def add_up(whole: Any, messages: Any, coefficient: Any, slope: Any, block: int, result: Any) -> None:  # noqa: PLR0913
    """Write the proximities of some heads [head query key] into `result`."""
    n_heads, n_keys = messages.shape[:2]
    picked = np.empty(block, np.int64)
    for head in range(n_heads):
        result[head] = 0
        for first in range(0, n_keys, block):
            for query in range(first, n_keys):
                count = 0
                for key in range(first, min(first + block, query + 1)):
                    if slope[head, query, key] > 0 and coefficient[head, query, key] != 0:
                        picked[count] = key
                        count += 1
                row, factors, found = whole[query], coefficient[head, query], result[head, query]
                place = 0
                while place + 4 <= count:
                    _four(row, messages[head], factors, picked[place : place + 4], found)
                    place += 4
                while place < count:
                    _one(row, messages[head], factors, picked[place], found)
                    place += 1


@no_type_check
@njit(nogil=True, cache=True, fastmath=_FAST)
def add_up_rows(whole: Any, part: Any, result: Any) -> None:
    """Write the proximity of each row of `part` to the same row of `whole` into `result`."""
    ones = np.ones_like(result)
    for row in range(result.shape[0]):
        _one(whole[row], part, ones, row, result)


@no_type_check
@njit(nogil=True, fastmath=_FAST, inline="always")
def _four(whole: Any, messages: Any, coefficient: Any, keys: Any, result: Any) -> None:
    """Four keys side by side, and of each four coordinates, a quarter of the width apart, in one sum.

    The four lengths |y| are summed once for all four keys, which saves a fifth of the work; four numbers in a
    sum lose no digits that matter.
    """
    k0, k1, k2, k3 = keys[0], keys[1], keys[2], keys[3]
    a0, a1, a2, a3 = coefficient[k0], coefficient[k1], coefficient[k2], coefficient[k3]
    m0, m1, m2, m3 = messages[k0], messages[k1], messages[k2], messages[k3]
    zero = whole[0] - whole[0]
    s0, s1, s2, s3 = zero, zero, zero, zero
    quarter = whole.shape[0] // 4
    for i in range(quarter):
        j, k, h = i + quarter, i + 2 * quarter, i + 3 * quarter
        y, v, w, z = whole[i], whole[j], whole[k], whole[h]
        length = abs(y) + abs(v) + (abs(w) + abs(z))
        s0 += length - (
            abs(y - a0 * m0[i]) + abs(v - a0 * m0[j]) + (abs(w - a0 * m0[k]) + abs(z - a0 * m0[h]))
        )
        s1 += length - (
            abs(y - a1 * m1[i]) + abs(v - a1 * m1[j]) + (abs(w - a1 * m1[k]) + abs(z - a1 * m1[h]))
        )
        s2 += length - (
            abs(y - a2 * m2[i]) + abs(v - a2 * m2[j]) + (abs(w - a2 * m2[k]) + abs(z - a2 * m2[h]))
        )
        s3 += length - (
            abs(y - a3 * m3[i]) + abs(v - a3 * m3[j]) + (abs(w - a3 * m3[k]) + abs(z - a3 * m3[h]))
        )
    for i in range(4 * quarter, whole.shape[0]):
        y = whole[i]
        s0 += abs(y) - abs(y - a0 * m0[i])
        s1 += abs(y) - abs(y - a1 * m1[i])
        s2 += abs(y) - abs(y - a2 * m2[i])
        s3 += abs(y) - abs(y - a3 * m3[i])
    result[k0], result[k1] = max(s0, zero), max(s1, zero)
    result[k2], result[k3] = max(s2, zero), max(s3, zero)


@no_type_check
@njit(nogil=True, fastmath=_FAST, inline="always")
def _one(whole: Any, messages: Any, coefficient: Any, key: int, result: Any) -> None:
    a, message = coefficient[key], messages[key]
    zero = whole[0] - whole[0]
    total = zero
    for i in range(whole.shape[0]):
        y = whole[i]
        total += abs(y) - abs(y - a * message[i])
    result[key] = max(total, zero)
