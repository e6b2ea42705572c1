"""The SQLite file of an index: made block by block, and read with a checksum on everything that is read."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import RLock
from typing import Final

import numpy as np

from llm_tt.concepts.index_blocks import POSTING, Block, checksum, postings_of
from llm_tt.concepts.vocabulary import TABLES, write_vocabulary

VERSION: Final = 1
APPLICATION_ID: Final = 0x6C74_6978
"""Written into the file's head, so that no other database is taken for an index."""

BUSY_SECONDS: Final = 10.0

_MAKE: Final = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE blocks (first INTEGER PRIMARY KEY, n_neurons INTEGER NOT NULL, content BLOB NOT NULL, "
    "checksum BLOB NOT NULL)",
    "CREATE TABLE postings (token_id INTEGER PRIMARY KEY, content BLOB NOT NULL, checksum BLOB NOT NULL)",
    *TABLES,
)


class DamagedIndexError(Exception):
    """What was read is not what was written; whoever opened the index makes it anew."""


@dataclass(frozen=True, slots=True)
class IndexShape:
    """What an index is of. Two that are equal hold the same."""

    fingerprint: str
    n_layers: int
    d_mlp: int
    d_model: int
    d_vocab: int
    top: int

    @property
    def n_neurons(self) -> int:
        """Of the whole model."""
        return self.n_layers * self.d_mlp


class IndexStore:
    """One open file, or memory; calls may come from any thread."""

    def __init__(self, connection: sqlite3.Connection, shape: IndexShape) -> None:
        self._connection = connection
        self._lock = RLock()
        self.shape = shape

    @classmethod
    def make(cls, path: Path | None, shape: IndexShape) -> "IndexStore":
        """A new one; in memory where there is no path.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        connection = _connect(":memory:" if path is None else str(path))
        try:
            for statement in _MAKE:
                connection.execute(statement)
            facts = {**asdict(shape), "complete": ""}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in facts.items()])
            connection.commit()
        except BaseException:
            connection.close()
            raise
        return cls(connection, shape)

    @classmethod
    def open(cls, path: Path, shape: IndexShape, *, to_read: bool) -> "IndexStore":
        """The one that is there.

        Raises:
            DamagedIndexError: it is none of ours, another version, of another model, or broken.
            sqlite3.Error: it cannot be opened.
        """
        if not path.is_file() or path.stat().st_size == 0:
            message = "there is no file, or an empty one"
            raise DamagedIndexError(message)
        mode = "ro" if to_read else "rw"
        connection = _connect(f"{path.absolute().as_uri()}?mode={mode}")
        store = cls(connection, shape)
        try:
            store._check()
        except BaseException:
            connection.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @property
    def checksum_of_directions(self) -> str:
        """Of the file beside it; empty until the index is complete."""
        ((value,),) = self.rows("SELECT value FROM meta WHERE key = 'complete'")
        return str(value)

    def n_done(self) -> int:
        """Neurons whose blocks are there."""
        ((value,),) = self.rows("SELECT coalesce(sum(n_neurons), 0) FROM blocks")
        return int(value)

    def rows(self, question: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """An answer of SQLite."""
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    @property
    def connection(self) -> sqlite3.Connection:
        """For questions about the vocabulary; hold `lock` meanwhile."""
        return self._connection

    @property
    def lock(self) -> RLock:
        """Held while the connection is used."""
        return self._lock

    def firsts(self) -> set[int]:
        """Where the blocks begin that are there."""
        return {first for (first,) in self.rows("SELECT first FROM blocks")}

    def write_block(self, block: Block) -> None:
        """One transaction: it is there as a whole, or not at all."""
        content = block.pack()
        with self._lock, self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)",
                [block.first, len(block), content, checksum(content)],
            )

    def blocks(self, firsts: Sequence[int] | None = None) -> Iterator[Block]:
        """All blocks, or some.

        Raises:
            DamagedIndexError: one of them is not as it was written.
        """
        where = "" if firsts is None else f"WHERE first IN ({','.join('?' * len(firsts))})"
        question = f"SELECT first, n_neurons, content, checksum FROM blocks {where} ORDER BY first"
        for first, n_neurons, content, expected in self._read(question, firsts or ()):
            if checksum(content) != expected:
                message = f"the neurons from {first} on"
                raise DamagedIndexError(message)
            yield Block.unpack(first, n_neurons, self.shape.top, content)

    def finish(self, token_strings: Sequence[str], checksum_of_directions: str) -> None:
        """All that is made of the blocks, and the mark that the index is complete: one transaction."""
        token_ids, postings = postings_of(list(self.blocks()))
        starts = np.flatnonzero(np.r_[True, token_ids[1:] != token_ids[:-1]])
        rows = (
            (int(token_ids[start]), content, checksum(content))
            for start, some in zip(starts.tolist(), np.split(postings, starts[1:]), strict=True)
            for content in (some.tobytes(),)
        )
        with self._lock, self._connection:
            self._connection.execute("DELETE FROM postings")
            self._connection.execute("DELETE FROM tokens")
            self._connection.executemany("INSERT INTO postings VALUES (?, ?, ?)", rows)
            write_vocabulary(self._connection, token_strings)
            self._connection.execute(
                "UPDATE meta SET value = ? WHERE key = 'complete'", [checksum_of_directions]
            )

    def postings(self, token_ids: Sequence[int]) -> dict[int, np.ndarray]:
        """The lists on which some tokens stand.

        Raises:
            DamagedIndexError: one of them is not as it was written.
        """
        found = {}
        marks = ",".join("?" * len(token_ids))
        question = f"SELECT token_id, content, checksum FROM postings WHERE token_id IN ({marks})"
        for token_id, content, expected in self._read(question, token_ids):
            if checksum(content) != expected or len(content) % POSTING.itemsize:
                message = f"the lists of token {token_id}"
                raise DamagedIndexError(message)
            found[token_id] = np.frombuffer(content, POSTING)
        return found

    def _read(self, question: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]
        try:
            return self.rows(question, values)
        except sqlite3.DatabaseError as problem:
            raise DamagedIndexError(str(problem)) from None

    def _check(self) -> None:
        ((application,),) = self._read("PRAGMA application_id", ())
        ((version,),) = self._read("PRAGMA user_version", ())
        if (application, version) != (APPLICATION_ID, VERSION):
            message = "it was written by another program or version"
            raise DamagedIndexError(message)
        facts = dict(self._read("SELECT key, value FROM meta", ()))
        wrong = [key for key, value in asdict(self.shape).items() if facts.get(key) != str(value)]
        if wrong or "complete" not in facts:
            message = f"it is of another model: {', '.join(wrong)}"
            raise DamagedIndexError(message)


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        name, uri=name.startswith("file:"), timeout=BUSY_SECONDS, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection
