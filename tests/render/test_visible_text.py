"""No token vanishes, and none acts on the page."""

import pytest

from llm_tt.render.visible_text import visible_text, visible_token


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        (" Mary", "·Mary"),
        ("\n", "⏎"),
        ("\t", "⇥"),
        ("", "∅"),
        ("a\u200bb", "a<U+200B>b"),
        ("\x00", "<U+0000>"),
        ("\u202e", "<U+202E>"),  # turns the reading direction: it must not act on the page
        ("\ufe0f", "<U+FE0F>"),
        ("\u3164", "<U+3164>"),  # a filler that counts as a letter
        ("日本", "日本"),
        ("<b>", "<b>"),
    ],
)
def test_what_is_shown(token, shown):
    assert visible_token(token) == shown


def test_every_character_that_would_vanish_has_a_mark():
    shown = [visible_token(chr(code)) for code in range(0x300)]
    assert len(set(shown)) == len(shown) - 1  # only the middle dot itself looks like a space's mark
    assert all(text.strip() for text in shown)


def test_a_text_keeps_its_spaces_and_lines_and_nothing_acts():
    assert visible_text("a b\nc é ·") == "a b\nc é ·"
    assert visible_text("\x1b[31m\u202eab\x9b\0\t") == "<U+001B>[31m<U+202E>ab<U+009B><U+0000>⇥"
    assert visible_text("") == ""
