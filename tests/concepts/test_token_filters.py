"""What counts as text, and what as the same word."""

import pytest

from llm_tt.concepts.token_filters import is_same_word, is_text, key_of


@pytest.mark.parametrize("token", [" Tokyo", "é", "17", "日本", "it's", "a<b", "ß", "Ⅷ", "#1"])
def test_text(token):
    assert is_text(token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        "\n\n",
        "...",
        " —",
        "<|endoftext|>",
        "<s>",
        "<0xE2>",
        "a<0xE2>",
        "[PAD]",
        "<unused 12>",
        "\x00a",
        "�",
    ],
)
def test_no_text(token):
    assert not is_text(token)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (" Tokyo", "tokyo", True),
        ("STRASSE", " straße", True),
        (" run", " running", True),
        ("running", "RUN", True),
        (" in", " inside", False),  # two letters begin too much
        (" café", "CAFE", True),  # as in a search
        (" run", " rum", False),
        ("", "  ", True),
        (" cat", " dog", False),
    ],
)
def test_same_word(first, second, same):
    assert is_same_word(key_of(first), key_of(second)) is same
    assert is_same_word(key_of(second), key_of(first)) is same
