"""Spearman's, against ranks counted one by one."""

from random import Random

import numpy as np
import pytest

from llm_tt.comparison.rank_correlation import rank_correlation


def plain(first, second):
    def ranks(row):
        return [
            sum(other < one for other in row) + (sum(other == one for other in row) + 1) / 2 for one in row
        ]

    return np.corrcoef(ranks(first), ranks(second))[0, 1]


@pytest.mark.parametrize("seed", range(20))
def test_random_rows_with_ties(seed):
    draw = Random(seed)
    first, second = (np.array([draw.randrange(5) for _ in range(12)], float) for _ in range(2))
    assert rank_correlation(first, second) == pytest.approx(plain(first, second))


def test_ends_and_what_has_no_order():
    row = np.array([1.0, 2.0, 4.0])
    assert rank_correlation(row, row**3) == pytest.approx(1)
    assert rank_correlation(row, -row) == pytest.approx(-1)
    assert rank_correlation(row[:1], row[:1]) is None
    assert rank_correlation(row, np.ones(3)) is None
