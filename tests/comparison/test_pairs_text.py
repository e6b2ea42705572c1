"""Corrections as text: there and back, and what is none."""

import pytest

from llm_tt.comparison.pairs_text import pairs_of, pairs_text, with_pair
from llm_tt.errors import ComparisonError


@pytest.mark.parametrize(
    ("text", "pairs"),
    [("", ()), ("3-4", ((3, 4),)), ("3-4, 5-,-6", ((3, 4), (5, None), (None, 6))), ("0-0", ((0, 0),))],
)
def test_there_and_back(text, pairs):
    assert pairs_of(text) == pairs
    assert pairs_of(pairs_text(pairs)) == pairs


@pytest.mark.parametrize("text", ["-", "3", "a-b", "1-2-3", "1-2;3-4", "1-²", "9999999-1", ",", "1-2," * 600])
def test_what_is_none(text):
    with pytest.raises(ComparisonError, match="no pairs of positions"):
        pairs_of(text)


def test_a_new_pair_takes_back_what_it_contradicts():
    pairs = ((1, 1), (3, None), (5, 6))
    assert with_pair(pairs, (3, 4)) == ((1, 1), (5, 6), (3, 4))
    assert with_pair(pairs, (7, 5)) == ((1, 1), (3, None), (7, 5))
    assert with_pair(pairs, (1, None)) == ((3, None), (5, 6), (1, None))
    assert with_pair(pairs, (2, 2)) == (*pairs, (2, 2))
