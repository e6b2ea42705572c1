"""Other people's text cannot turn into markup."""

import pytest

from llm_tt.app.notices import plain

MARKUP = [
    "**bold**",
    "<script>",
    "[link](http://x)",
    ":red[x]",
    ":material/home:",
    "$x^2$",
    "# title",
    "a_b_c",
    "`code`",
    "1. item",
    "~~x~~",
    "| a |",
    "&lt;",
]


@pytest.mark.parametrize("text", MARKUP)
def test_every_character_of_markup_is_escaped(text):
    escaped = plain(text)
    assert escaped != text
    assert escaped.replace("\\", "") == text


def test_plain_words_stay_plain_words():
    assert plain("When Mary and John") == "When Mary and John"
