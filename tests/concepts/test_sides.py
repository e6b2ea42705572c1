"""The sides, their signs and their readings go together."""

from typing import get_args

from llm_tt.concepts.sides import PROMOTED, READINGS, SIGNS, TOKEN_SIDES, TokenSide


def test_each_side_has_a_sign_and_a_reading():
    assert get_args(TokenSide) == TOKEN_SIDES
    assert len(SIGNS) == len(READINGS) == len(TOKEN_SIDES)
    assert dict(zip(TOKEN_SIDES, READINGS, strict=True))["inhibited_by"] == 1
    assert dict(zip(TOKEN_SIDES, SIGNS, strict=True))["suppresses"] == -1
    assert set(PROMOTED) <= set(TOKEN_SIDES)
