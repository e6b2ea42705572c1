"""`NotesStore`: the notes of a model as one mapping, in step with its file, whoever writes."""

import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn

from llm_tt.concepts.notes import LONGEST_NAME, LONGEST_TEXT, MOST_NOTES, Note, readable_note
from llm_tt.concepts.notes_file import WRITE, OpenFile, identity_of, in_words, is_damage, open_file
from llm_tt.errors import NotebookError

_READ: Final = (
    "SELECT component, name, text, changed FROM notes "
    f"WHERE length(name) <= {LONGEST_NAME} AND length(text) <= {LONGEST_TEXT} LIMIT {MOST_NOTES}"
)
"""What else another program wrote stays in the file, and is not shown."""

Notes = Mapping[str, Note]
"""By component; never changed, but replaced by another one."""
Changes = Mapping[str, Note | None]
"""New notes by component; None takes one away."""


class NotesStore:
    """Reading never fails: out of reach of the file it gives what was last read, and `notice` says so."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self.path = path
        self.notice = ""
        """What a person should know about the file, or nothing."""
        self._fingerprint = fingerprint
        self._lock = threading.RLock()
        self._known: Notes = MappingProxyType({})
        self._file: OpenFile | None = None
        self._version = -1
        self.notes()

    def notes(self) -> Notes:
        """All notes. The same object as long as nobody changed one; then it takes microseconds."""
        with self._lock:
            try:
                try:
                    return self._read()
                except sqlite3.Error as problem:
                    if not is_damage(problem):
                        raise
                    self.close()
                    return self._read()
            except (sqlite3.Error, OSError) as problem:
                self.notice = " ".join(in_words(problem, self.path))
            except NotebookError as problem:
                self.notice = f"{problem.found} {problem.remedy}"
            return self._known

    def change(self, asked: str, decide: Callable[[Notes], Changes]) -> None:
        """Change notes in one transaction: all of it is kept, or nothing.

        `decide` sees the notes as they are while nobody else can write.

        Raises:
            NotebookError: it could not be written; the notes are as before.
        """
        with self._lock:
            try:
                try:
                    self._write(self._ready(), decide)
                except sqlite3.Error as problem:
                    if not is_damage(problem):
                        raise
                    self.close()
                    self._write(self._ready(), decide)
            except (sqlite3.Error, OSError) as problem:
                _refuse(asked, *in_words(problem, self.path))
            except NotebookError as problem:
                _refuse(asked, problem.found, problem.remedy)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._file is not None:
                with suppress(sqlite3.Error):
                    self._file.connection.close()
                self._file = None

    def _read(self) -> Notes:
        """What the file says now."""
        notes = self._current(self._ready())
        self.notice = "" if self._file is None else self._file.notice
        return notes

    def _ready(self) -> sqlite3.Connection:
        """The file that stands at the path now: another program may have put ours aside."""
        if self._file is not None and self.path is not None and identity_of(self.path) != self._file.identity:
            self.close()
        if self._file is None:
            self._file = open_file(self.path, self._fingerprint, self._known.values())
            self._version = -1
        return self._file.connection

    def _current(self, connection: sqlite3.Connection) -> Notes:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            notes = filter(None, map(readable_note, connection.execute(_READ)))
            self._known = MappingProxyType({note.component: note for note in notes})
            self._version = version
        return self._known

    def _write(self, connection: sqlite3.Connection, decide: Callable[[Notes], Changes]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = self._current(connection)
            changes = decide(before)
            for component, note in changes.items():
                if note is None:
                    connection.execute("DELETE FROM notes WHERE component = ?", (component,))
                else:
                    connection.execute(WRITE, (component, note.name, note.text, note.changed))
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        after = {**before, **changes}
        self._known = MappingProxyType({key: note for key, note in after.items() if note is not None})


def _refuse(asked: str, found: str, remedy: str) -> NoReturn:
    raise NotebookError(asked=asked, found=found, remedy=remedy) from None
