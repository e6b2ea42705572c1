"""A model's vocabulary, ready to be searched: whole words, beginnings, endings, parts, exact tokens."""

import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from llm_tt.concepts.queries import Term, TermKind

MOST_TOKENS: Final = 300
"""Of one term; what begins with "a" would otherwise be a tenth of the vocabulary."""

TRIGRAM: Final = 3
"""Letters that the index of parts needs; shorter parts are looked for in every token."""

TABLES: Final = (
    "CREATE TABLE tokens (token_id INTEGER PRIMARY KEY, string TEXT NOT NULL, word TEXT NOT NULL)",
    "CREATE INDEX by_word ON tokens (word)",
    "CREATE VIRTUAL TABLE parts USING fts5 "
    "(word, content='tokens', content_rowid='token_id', tokenize='trigram')",
)


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term, and the tokens that it means in this vocabulary."""

    text: str
    """As a person would type it."""
    kind: TermKind
    is_negated: bool
    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    n_meant: int
    """How many tokens it means; more than are here where there are very many."""


def word_of(string: str) -> str:
    """A token as it is compared: without spaces around it, marks above letters, and differences of case."""
    bare = unicodedata.normalize("NFKD", string.strip())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def write_vocabulary(connection: sqlite3.Connection, strings: Iterable[str]) -> None:
    """Fill the tables."""
    rows = (
        (token_id, _storable(string), word_of(_storable(string))) for token_id, string in enumerate(strings)
    )
    connection.executemany("INSERT INTO tokens VALUES (?, ?, ?)", rows)
    connection.execute("INSERT INTO parts (parts) VALUES ('rebuild')")


def find_term(connection: sqlite3.Connection, term: Term) -> FoundTerm:
    """The tokens of a term; where there are too many, the shortest."""
    word = word_of(term.text)
    match term.kind:
        case "token":
            rows = _rows(connection, "string = ?", [term.text])
        case "begins":
            rows = _rows(connection, "word >= ? AND word < ?", [word, word + "\U0010ffff"])
        case "contains" if len(word) >= TRIGRAM:
            quoted = '"' + word.replace('"', '""') + '"'
            inside = "token_id IN (SELECT rowid FROM parts WHERE parts MATCH ?)"
            rows = _rows(connection, inside, [quoted])
        case "contains":
            rows = _rows(connection, "instr(word, ?)", [word])
        case "ends":
            rows = _rows(
                connection, "length(word) >= ? AND substr(word, ?) = ?", [len(word), -len(word), word]
            )
        case _:
            rows = _rows(connection, "word = ?", [word])
    shown = rows[:MOST_TOKENS]
    return FoundTerm(
        str(term),
        term.kind,
        term.is_negated,
        tuple(token_id for token_id, _ in shown),
        tuple(string for _, string in shown),
        len(rows),
    )


def similar_words(connection: sqlite3.Connection, word: str, top: int = 5) -> tuple[str, ...]:
    """Words of the vocabulary that begin as a word does, the longest beginning that there is."""
    word = word_of(word)
    for length in range(len(word), 1, -1):
        start = word[:length]
        rows = connection.execute(
            "SELECT DISTINCT word FROM tokens WHERE word >= ? AND word < ? AND word != ? "
            "ORDER BY length(word), word LIMIT ?",
            [start, start + "\U0010ffff", start, top],
        ).fetchall()
        if rows:
            return tuple(found for (found,) in rows)
    return ()


def strings_of(connection: sqlite3.Connection, token_ids: Iterable[int]) -> dict[int, str]:
    """The strings of some tokens."""
    wanted = sorted(set(token_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ",".join("?" * len(some))
        found |= dict(
            connection.execute(f"SELECT token_id, string FROM tokens WHERE token_id IN ({marks})", some)
        )
    return found


def _rows(connection: sqlite3.Connection, where: str, values: list[object]) -> list[tuple[int, str]]:
    question = f"SELECT token_id, string FROM tokens WHERE {where} ORDER BY length(string), token_id"
    return connection.execute(question, values).fetchall()


def _storable(string: str) -> str:
    """Without halves of surrogate pairs, which SQLite refuses."""
    return string.encode("utf-8", "replace").decode("utf-8")
