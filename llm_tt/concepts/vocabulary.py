"""Finds the tokens that a word means: whole words, beginnings, ends and parts of words.

Words are compared by their keys: without the spaces around them, whatever the case and the accents. Parts of
three letters and more come from the database's trigrams, and are checked; shorter ones from reading all keys.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from jaxtyping import Int64

from llm_tt.concepts.database import Database
from llm_tt.concepts.query import Term
from llm_tt.concepts.token_filters import key_of

_LETTERS_OF_A_PART: Final = 3

_COMPARED: Final = 2000
"""Words that a word which is none is compared with."""


class Vocabulary:
    """The tokens of a model, by their keys."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        """The readable string of each token."""
        self._keys = [key_of(text) for text in self.texts]
        self._sorted = np.array(sorted(range(len(self._keys)), key=self._keys.__getitem__), np.int64)
        self._sorted_keys = [self._keys[number] for number in self._sorted]
        lengths = np.array([len(key) for key in self._keys], np.int64)
        self._place = np.empty(len(lengths), np.int64)  # of each token, the shortest first
        self._place[np.argsort(lengths, kind="stable")] = np.arange(len(lengths))

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
        key = key_of(term.needle)
        if term.kind in ("word", "exact"):
            found = sorted(self._sorted[self._between(key, key + "\0")].tolist())
            found = [number for number in found if self._keys[number] == key]
            return found if term.kind == "word" else [n for n in found if self.texts[n] == term.needle]
        if term.kind == "begins":
            ids = self._sorted[self._between(key, key + chr(0x10FFFF))]
        elif term.kind == "ends":
            ids = np.array([n for n, own in enumerate(self._keys) if own.endswith(key)], np.int64)
        else:
            ids = self._containing(key, database)
        numbers: list[int] = ids[np.argsort(self._place[ids])].tolist()
        return numbers

    def words_like(self, key: str) -> list[str]:
        """Keys worth comparing with a word that is none: they begin alike or are near in the alphabet."""
        if not key:
            return []
        place = bisect_left(self._sorted_keys, key)
        near = self._sorted_keys[max(0, place - 100) : place + 100]
        alike = self._sorted_keys[self._between(key[:2], key[:2] + chr(0x10FFFF))]
        return list(dict.fromkeys([*near, *alike[:_COMPARED]]))

    def _between(self, low: str, high: str) -> slice:
        return slice(bisect_left(self._sorted_keys, low), bisect_left(self._sorted_keys, high))

    def _containing(self, key: str, database: Database) -> Int64[np.ndarray, " token"]:
        candidates: Iterable[int] = range(len(self._keys))
        if len(key) >= _LETTERS_OF_A_PART and key.isprintable():
            phrase = key.replace('"', '""')
            rows = database.rows("SELECT rowid FROM parts WHERE parts MATCH ?", (f'"{phrase}"',))
            candidates = [number for (number,) in rows if isinstance(number, int)]
        inside = range(len(self._keys))
        return np.array([n for n in candidates if n in inside and key in self._keys[n]], np.int64)
