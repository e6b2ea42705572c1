"""The SQLite file of one model's notes: opened, checked, made where there is none, put aside where damaged.

It is what a person wrote, so nothing here ever deletes it. One rollback journal, no WAL: a folder that nobody
may write into can then still be read.
"""

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from llm_tt.concepts.notes import Note, refuse

VERSION: Final = 1
APPLICATION_ID: Final = 0x4C4C5454
"""Written into each file's header, so that no other program's database is taken for ours."""
BUSY_SECONDS: Final = 10.0
"""How long to wait for another program that is writing."""

_BESIDE: Final = ("", "-journal", "-wal", "-shm")
"""What belongs to a database: a journal that stayed behind would be played into a new file of that name."""

_MAKE: Final = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE notes (component TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, "
    "changed TEXT NOT NULL) WITHOUT ROWID",
)

WRITE: Final = "INSERT OR REPLACE INTO notes (component, name, text, changed) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile:
    """A connection, and which file it is connected with."""

    connection: sqlite3.Connection
    identity: tuple[int, int] | None
    notice: str
    """What a person should know about the opening, or nothing."""


def open_file(path: Path | None, fingerprint: str, known: Iterable[Note] = ()) -> OpenFile:
    """Open a file of notes, or memory where there is no path; `known` goes into it if it has to be made.

    Raises:
        NotebookError: it can be neither opened nor made, or a newer program has written it.
        sqlite3.Error: the same, in SQLite's words.
    """
    if path is None:
        connection = _connected(":memory:")
        _make(connection, fingerprint, known)
        return OpenFile(connection, None, "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            damage = _damage(path, fingerprint)
            notice = _put_aside(path, damage) if damage else ""
            connection = _connected(path)
            try:
                if not _has_tables(connection):
                    _make(connection, fingerprint, known)
                return OpenFile(connection, identity_of(path), notice)
            except BaseException:
                connection.close()
                raise
    except OSError as problem:
        refuse(*in_words(problem, path))


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def is_damage(problem: sqlite3.Error) -> bool:
    """Whether SQLite found the file itself wrong, and not what stands around it."""
    return _code(problem) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def in_words(problem: sqlite3.Error | OSError, path: Path | None) -> tuple[str, str]:
    """What was found, and what to do."""
    if isinstance(problem, OSError):
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
        locked = problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    else:
        full = _code(problem) == sqlite3.SQLITE_FULL
        locked = _code(problem) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
        if _code(problem) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return f"Another program is writing into {path}.", "Try again in a moment."
    where = "in memory" if path is None else f"into {path}"
    found = (
        f"The disk is full: nothing was written {where}"
        if full
        else f"Nothing may be written {where}"
        if locked
        else f"Nothing was written {where} ({problem})"
    )
    room = "Make room" if full else "Allow it"
    return (
        f"{found}. The notes from before are unchanged.",
        f"{room}, or name another folder in LLM_TT_DATA, or save the notes as a file.",
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While one program looks whether the file is damaged, no other may put it aside."""
    lock = FileLock(path.with_suffix(".lock"), timeout=BUSY_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        refuse(f"Another program has been opening {path} for a while.", "Try again in a moment.")
    except OSError:  # nobody may write here, so nobody will put it aside
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _make(connection: sqlite3.Connection, fingerprint: str, known: Iterable[Note]) -> None:
    """All at once, so that a file with tables is a whole file."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in _MAKE:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (fingerprint,))
    connection.executemany(WRITE, [(n.component, n.name, n.text, n.changed) for n in known])
    connection.execute("COMMIT")


def _damage(path: Path, fingerprint: str) -> str:
    """Why a file cannot be used; empty where it can, or where there is none."""
    if not path.exists():
        return ""
    if not path.is_file():
        return "it is no file"
    try:
        with closing(_connected(path)) as connection:
            return _damage_inside(connection, path, fingerprint)
    except sqlite3.Error as problem:
        if is_damage(problem):
            return "it is damaged"
        raise


def _damage_inside(connection: sqlite3.Connection, path: Path, fingerprint: str) -> str:
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        return "it is damaged"
    if not _has_tables(connection):
        return ""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return "it is no file of notes"
    if connection.execute("PRAGMA user_version").fetchone()[0] > VERSION:
        refuse(f"A newer version of this program has written {path}.", "Update llm_tt.")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"meta", "notes"} <= tables:
        return "it is damaged"
    # A trigger could take notes away while another one is written.
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('view', 'trigger')").fetchone():
        return "it has views or triggers, which no file of ours has"
    owner = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    return "" if owner == (fingerprint,) else "its notes belong to another model"


def _put_aside(path: Path, damage: str) -> str:
    """Give a file another name, with everything that belongs to it; the sentence that says so."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.aside-{number}{path.suffix}")).exists():
        number += 1
    for ending in _BESIDE:
        part = path.with_name(path.name + ending)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + ending))  # noqa: PTH105 (also folders)
    return f"{path.name} could not be used: {damage}. It lies beside, unchanged, as {aside.name}."


def _code(problem: sqlite3.Error) -> int:
    """Without the details that SQLite packs into the higher bits."""
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF
