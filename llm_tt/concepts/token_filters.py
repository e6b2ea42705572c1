"""Which tokens are text, and which two are the same word: what a person may want to leave out of pairs."""

import re
import unicodedata
from typing import Final

_ACCENTS: Final = dict.fromkeys(range(0x300, 0x370))
"""Combining marks of Latin, Greek and Cyrillic; those of other scripts are letters."""

SHORTEST_BEGINNING = 3
"""Letters that a beginning must have to count as the same word."""

_NO_TEXT = re.compile(
    r"<0x[0-9A-F]{2}>"  # a piece of a character
    r"|^\s*<[^<>]*>\s*$"  # <|endoftext|>, <s>, <unused 7>
    r"|^\[(PAD|UNK|CLS|SEP|MASK|BOS|EOS|unused\d*)\]$"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]"
)


def is_text(token: str) -> bool:
    """Whether a token has a letter or digit, and is no special token, control character or piece of one."""
    return any(character.isalnum() for character in token) and _NO_TEXT.search(token) is None


def key_of(text: str) -> str:
    """What a word is compared by: without the spaces around it, whatever its case and its accents."""
    text = text.strip().casefold()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_ACCENTS))


def is_same_word(first: str, second: str) -> bool:
    """Whether two words are equal, or one begins with the other; both as `key_of` gives them."""
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter)
