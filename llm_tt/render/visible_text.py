"""Tokens as a person can see them: nothing vanishes, and nothing acts on the page."""

import unicodedata

MARKS = {" ": "·", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u00a0": "⍽"}
"""Common characters that would vanish, and what stands for them."""

BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in range(0xFE00, 0xFE10)
}
"""Characters that count as letters or marks, and yet draw nothing."""


def visible_token(token: str) -> str:
    """A token with its spaces and control characters made visible; an empty one is shown as ∅."""
    return "".join(_visible_character(character) for character in token) or "∅"


def visible_text(text: str) -> str:
    """A text with its control characters made visible; spaces and line breaks stay what they are."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c if c in " \n" else _visible_character(c) for c in text)


def _visible_character(character: str) -> str:
    if character in MARKS:
        return MARKS[character]
    draws = (
        character.isprintable() and character not in BLANK_LETTERS and unicodedata.category(character) != "Cf"
    )
    return character if draws else f"<U+{ord(character):04X}>"
