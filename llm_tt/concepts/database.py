"""The database of an index: its tables, and connections that several threads may share."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from llm_tt.concepts.index_errors import damaged, said_clearly
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.errors import ConceptIndexError

FILE: Final = "index.sqlite"

SECONDS_OF_PATIENCE: Final = 10.0
"""How long one statement waits for another process's."""

SECONDS_FOR_ONE_FILE: Final = 3.0
"""Others look for milliseconds."""

_TABLES: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE blocks (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, checksum INTEGER NOT NULL, "
    "directions_checksum INTEGER NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE postings (token_id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, data BLOB NOT NULL)",
    "CREATE VIRTUAL TABLE parts USING fts5 (text, tokenize = 'trigram', content = '')",
)


class Database:
    """One connection, used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, place: Path | None, room: int) -> None:
        self._connection = connection
        self.place = place
        self._room = room
        self._lock = threading.RLock()

    @classmethod
    def in_memory(cls, identity: IndexIdentity) -> "Database":
        """An empty one that is gone when it is closed."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        database = cls(connection, None, identity.bytes_on_disk)
        database._make_tables(identity)
        return database

    @classmethod
    def open_to_write(cls, place: Path, identity: IndexIdentity) -> "Database":
        """The one in this folder, made if it is not there.

        Raises:
            ConceptIndexError: the folder cannot be written, or the disk is full.
            DamagedIndexError: it is no database, or not one of this model and version.
        """
        with said_clearly(place, identity.bytes_on_disk):
            connection = sqlite3.connect(
                place / FILE, SECONDS_OF_PATIENCE, isolation_level=None, check_same_thread=False
            )
        database = cls(connection, place, identity.bytes_on_disk)
        try:
            database._refuse_programs()
            database.rows("PRAGMA journal_mode = WAL")  # where the file system cannot, it stays as it was
            database.rows("PRAGMA synchronous = NORMAL")
            if not database.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
                database._make_tables(identity)
            database.check_identity(identity)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def open_to_read(cls, place: Path, room: int) -> "Database":
        """The one in this folder; nothing in it can be changed.

        Raises:
            ConceptIndexError: it cannot be opened.
            DamagedIndexError: it is no database, or one that does more than hold tables.
        """
        with said_clearly(place, room):
            connection = sqlite3.connect(
                f"{(place / FILE).absolute().as_uri()}?mode=ro",
                SECONDS_OF_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
        database = cls(connection, place, room)
        try:
            database._refuse_programs()
        except BaseException:
            database.close()
            raise
        return database

    def check_identity(self, identity: IndexIdentity) -> None:
        """Refuse a database of another model, format or version.

        Raises:
            DamagedIndexError: it is one, or none at all.
        """
        found = self.rows("SELECT value FROM meta WHERE key = 'identity'")
        if found != [(identity.as_text(),)]:
            raise damaged(self.place, "It belongs to another model or another version.")

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """All rows of one statement.

        Raises:
            ConceptIndexError: the database cannot be read or written.
            DamagedIndexError: it is broken.
        """
        with self._lock, said_clearly(self.place, self._room):
            return self._connection.execute(statement, values).fetchall()

    def each_row(self, statement: str) -> Iterator[tuple[object, ...]]:
        """The rows of one statement, one at a time, for tables that are larger than memory.

        Raises:
            ConceptIndexError: the database cannot be read.
            DamagedIndexError: it is broken.
        """
        with self._lock, said_clearly(self.place, self._room):
            yield from self._connection.execute(statement)

    def insert(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """One statement for each of some rows; inside a transaction.

        Raises:
            ConceptIndexError: the database cannot be written, or the disk is full.
        """
        with self._lock, said_clearly(self.place, self._room):
            self._connection.executemany(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is there, or nothing is."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self.rows("ROLLBACK")
                raise

    def empty_what_is_sorted(self) -> None:
        """Postings and parts of a build that was stopped before it was sealed, inside a transaction.

        Raises:
            ConceptIndexError: the database cannot be written.
        """
        self.rows("DELETE FROM postings")
        self.rows("INSERT INTO parts (parts) VALUES ('delete-all')")

    def leave_one_file(self) -> None:
        """Put everything into the one file, so that it can be read from folders that cannot be written.

        Nothing depends on it. Whoever looks at the database at that moment keeps it from happening, as those
        do who wait for the builder; so it is tried for a while.
        """
        end = time.monotonic() + SECONDS_FOR_ONE_FILE
        while time.monotonic() < end:
            with suppress(ConceptIndexError):
                if self.rows("PRAGMA journal_mode = DELETE") == [("delete",)]:
                    return
            time.sleep(0.05)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _refuse_programs(self) -> None:
        """A view may go on for ever when it is asked, and a trigger write what nobody wanted."""
        if self.rows("SELECT 1 FROM sqlite_master WHERE type IN ('view', 'trigger') LIMIT 1"):
            raise damaged(self.place, "It has views or triggers, which no index of ours has.")

    def _make_tables(self, identity: IndexIdentity) -> None:
        with self.transaction():
            for table in _TABLES:
                self.rows(table)
            self.insert("INSERT INTO meta VALUES ('identity', ?)", [(identity.as_text(),)])
