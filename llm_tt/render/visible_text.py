"""Tokens as a person can see them: no two different tokens look the same."""

INVISIBLE = {
    " ": "·",
    "\n": "⏎",
    "\t": "⇥",
    "\r": "␍",
    "\u00a0": "⍽",
    "\u200b": "<U+200B>",
    "\ufeff": "<U+FEFF>",
}
"""Characters that would vanish, and what stands for them."""


def visible_token(token: str) -> str:
    """A token with its spaces and control characters made visible; an empty one is shown as ∅."""
    return "".join(_visible_character(character) for character in token) or "∅"


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, the middle left out."""
    if len(text) <= longest:
        return text
    head = (longest - 1) // 2
    return f"{text[:head]}…{text[len(text) - (longest - 1 - head) :]}"


def _visible_character(character: str) -> str:
    if character in INVISIBLE:
        return INVISIBLE[character]
    return character if character.isprintable() else f"<U+{ord(character):04X}>"
