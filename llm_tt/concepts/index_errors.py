"""What goes wrong with the files of an index, in words that say what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from llm_tt.concepts.folders import CACHE_VARIABLE
from llm_tt.errors import ConceptIndexError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ANOTHER_FOLDER = f"name another folder in the environment variable {CACHE_VARIABLE}"


class DamagedIndexError(ConceptIndexError):
    """The files are there, and what is in them is not what was written."""


@contextmanager
def said_clearly(place: Path | None, room: int = 0) -> Iterator[None]:
    """Turn what the system and the database say into an error of ours; `place` None is memory.

    Args:
        place: The folder of the index.
        room: The bytes that the whole index takes, for the sentence about a full disk.

    Raises:
        ConceptIndexError: something inside failed.
        DamagedIndexError: what is there is no index, or a broken one.
    """
    try:
        yield
    except sqlite3.Error as problem:
        code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise disk_is_full(place, room) from problem
        if code in _DAMAGED:
            raise damaged(place, f"The database says: {problem}.") from problem
        raise _unusable(place, f"The database says: {problem}.") from problem
    except OSError as problem:
        if problem.errno in _FULL:
            raise disk_is_full(place, room) from problem
        raise _unusable(place, f"The system says: {problem.strerror or problem}.") from problem


def damaged(place: Path | None, found: str) -> DamagedIndexError:
    """The error for files that cannot be trusted."""
    return DamagedIndexError(
        asked=f"Read the index of the neurons in {_words(place)}.",
        found=f"It is damaged. {found}",
        remedy="Open it again with build_index or `llm-tt index`: it is put aside and built anew.",
    )


def disk_is_full(place: Path | None, room: int, free: int | None = None) -> ConceptIndexError:
    """The error for a disk that has no room for the rest."""
    has = "" if free is None else f", and {_megabytes(free)} are free"
    return ConceptIndexError(
        asked=f"Keep the index of the neurons in {_words(place)}.",
        found=f"The disk is full: the whole index takes about {_megabytes(room)}{has}.",
        remedy=f"Make room, or {_ANOTHER_FOLDER}. What was finished is kept; building goes on from there.",
    )


def _unusable(place: Path | None, found: str) -> ConceptIndexError:
    return ConceptIndexError(
        asked=f"Use the index of the neurons in {_words(place)}.",
        found=f"The folder cannot be used. {found}",
        remedy=f"Let this folder be written, or {_ANOTHER_FOLDER}; in_memory=True keeps nothing.",
    )


def _words(place: Path | None) -> str:
    return "memory" if place is None else str(place)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
