"""Each thing that may happen to files has its own words."""

import errno
import sqlite3
from pathlib import Path

import pytest

from llm_tt.concepts.index_errors import DamagedIndexError, said_clearly
from llm_tt.errors import ConceptIndexError

PLACE = Path("folder")


def database_error(code, text="bad"):
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("problem", "kind", "says"),
    [
        (database_error(sqlite3.SQLITE_FULL), ConceptIndexError, "disk is full.*170.0 MB"),
        (OSError(errno.ENOSPC, "no"), ConceptIndexError, "disk is full.*170.0 MB"),
        (OSError(errno.EDQUOT, "no"), ConceptIndexError, "disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), ConceptIndexError, "Permission denied"),
        (database_error(sqlite3.SQLITE_READONLY, "readonly"), ConceptIndexError, "readonly"),
        (database_error(sqlite3.SQLITE_IOERR | 10 << 8, "disk I/O error"), ConceptIndexError, "I/O error"),
        (database_error(sqlite3.SQLITE_NOTADB), DamagedIndexError, "damaged"),
        (database_error(sqlite3.SQLITE_CORRUPT | 1 << 8), DamagedIndexError, "damaged"),
        (sqlite3.OperationalError("no such table"), DamagedIndexError, "no such table"),
    ],
)
def test_words(problem, kind, says):
    with pytest.raises(ConceptIndexError, match=says) as raised, said_clearly(PLACE, 170_000_000):
        raise problem
    assert type(raised.value) is kind
    assert "folder" in raised.value.asked
    assert raised.value.remedy


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), said_clearly(None):
        raise ZeroDivisionError
