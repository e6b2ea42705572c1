"""The sides, their signs and their readings go together."""

from typing import get_args

from llm_tt.concepts.sides import PROMOTED, READINGS, SIDES, SIGNS, Side


def test_each_side_has_a_sign_and_a_reading():
    assert get_args(Side) == SIDES
    assert len(SIGNS) == len(READINGS) == len(SIDES)
    assert dict(zip(SIDES, READINGS, strict=True))["inhibited_by"] == 1
    assert dict(zip(SIDES, SIGNS, strict=True))["suppresses"] == -1
    assert set(PROMOTED) <= set(SIDES)
