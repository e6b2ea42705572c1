"""The partner of the position that is explained."""

import pytest

from llm_tt.comparison.target_positions import target_positions
from llm_tt.errors import ComparisonError


@pytest.mark.parametrize(("position", "expected"), [(-1, (2, 3)), (2, (2, 3)), (0, (0, 1)), (-2, (1, 2))])
def test_partners(position, expected):
    assert target_positions("abc", "xabc", position) == expected


def test_a_correction_counts():
    assert target_positions("abc", "xabc", 0, [(0, 0)]) == (0, 0)


@pytest.mark.parametrize(
    ("position", "found"), [(3, "has 3 tokens"), (-4, "has 3 tokens"), (1, "no partner")]
)
def test_what_cannot_be_compared(position, found):
    with pytest.raises(ComparisonError, match=found):
        target_positions("abc", "xabc", position, [(1, None)])
