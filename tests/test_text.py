"""Halves of characters are found; everything else is text."""

import pytest

from llm_tt.text import half_character


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("naïve 東京 👩\u200d🚀\0", None), ("\ud83d", 0), ("ab\udc00\ud800", 2)],
)
def test_the_first_half_of_a_character_is_found(text, expected):
    assert half_character(text) == expected
