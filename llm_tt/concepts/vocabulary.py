"""Finds the tokens that a word means: whole words, beginnings, ends and parts of words.

Words are compared by their keys: without the spaces around them, whatever the case and the accents. Parts of
three letters and more come from the database's trigrams, and are checked; shorter ones from reading all keys.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from llm_tt.concepts.database import Database
from llm_tt.concepts.query import Term

_ACCENTS: Final = dict.fromkeys(range(0x300, 0x370))
"""Combining marks of Latin, Greek and Cyrillic; those of other scripts are letters."""

_LETTERS_OF_A_PART: Final = 3


def key_of(text: str) -> str:
    """What a text is compared by."""
    text = text.strip().casefold()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_ACCENTS))


class Vocabulary:
    """The tokens of a model, by their keys."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        """The readable string of each token."""
        self._keys = [key_of(text) for text in self.texts]
        self._with_key: dict[str, list[int]] = {}
        for token_id, key in enumerate(self._keys):
            self._with_key.setdefault(key, []).append(token_id)
        self._words = sorted(self._with_key)

    def write_parts(self, database: Database) -> None:
        """Let the database know the parts of all keys, inside a transaction.

        Raises:
            ConceptIndexError: it cannot be written.
        """
        # Half of a surrogate pair is no text for the database; such keys are found by reading them.
        rows = ((number, key.encode(errors="replace").decode()) for number, key in enumerate(self._keys))
        database.insert("INSERT INTO parts (rowid, text) VALUES (?, ?)", rows)

    def matching(self, term: Term, database: Database) -> list[int]:
        """The tokens that a term means: the shortest first, then in the order of the vocabulary.

        Raises:
            ConceptIndexError: the database cannot be read.
        """
        if term.kind == "exact":
            return [
                number for number in self.with_key(key_of(term.needle)) if self.texts[number] == term.needle
            ]
        key = key_of(term.needle)
        if term.kind == "word":
            return self.with_key(key)
        if term.kind == "begins":
            found = self._beginning(key)
        elif term.kind == "ends":
            found = (number for number, own in enumerate(self._keys) if own.endswith(key))
        else:
            found = self._containing(key, database)
        return sorted(found, key=lambda number: (len(self._keys[number]), number))

    def with_key(self, key: str) -> list[int]:
        """The tokens that differ from a key by spaces, case and accents only."""
        return list(self._with_key.get(key, ()))

    def words_like(self, key: str) -> list[str]:
        """Keys worth comparing with a word that is none: they begin alike or are near in the alphabet."""
        place = bisect_left(self._words, key)
        near = self._words[max(0, place - 100) : place + 100]
        return [*near, *(self._words[i] for i in self._range(key[:2]))][:4000] if key else []

    def _range(self, beginning: str) -> range:
        after_all = beginning + chr(0x10FFFF)
        return range(bisect_left(self._words, beginning), bisect_left(self._words, after_all))

    def _beginning(self, key: str) -> Iterable[int]:
        return (number for place in self._range(key) for number in self._with_key[self._words[place]])

    def _containing(self, key: str, database: Database) -> Iterable[int]:
        candidates: Iterable[int] = range(len(self._keys))
        if len(key) >= _LETTERS_OF_A_PART and "\0" not in key and key.isprintable():
            phrase = key.replace('"', '""')
            rows = database.rows("SELECT rowid FROM parts WHERE parts MATCH ?", (f'"{phrase}"',))
            candidates = [int(str(number)) for (number,) in rows]
        return (number for number in candidates if number < len(self._keys) and key in self._keys[number])
