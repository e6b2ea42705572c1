"""The file of notes: made whole, checked at opening, put aside and never deleted."""

import errno
import sqlite3
from contextlib import closing

import pytest

from llm_tt.concepts import notes_file
from llm_tt.concepts.notes import Note
from llm_tt.concepts.notes_file import identity_of, in_words, open_file
from llm_tt.errors import NotebookError

MARK = "f" * 32
NOTE = Note("L0H0", "name", "text", "2026-01-01T00:00:00.000+00:00")


@pytest.fixture
def path(tmp_path):
    """A healthy file with one note, closed again."""
    made = tmp_path / "deep" / "a.sqlite"
    open_file(made, MARK, [NOTE]).connection.close()
    return made


def rows(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT component, name, text, changed FROM notes").fetchall()


def asides(path):
    return sorted(p.name for p in path.parent.iterdir() if "aside" in p.name)


def test_a_new_file_is_made_with_what_is_known(path):
    assert rows(path) == [("L0H0", "name", "text", "2026-01-01T00:00:00.000+00:00")]
    opened = open_file(path, MARK)
    assert opened.notice == "" and opened.identity == identity_of(path)
    opened.connection.close()


def test_what_is_known_does_not_overwrite_what_is_there(path):
    open_file(path, MARK, [Note("L1H1", "x", "", "")]).connection.close()
    assert [row[0] for row in rows(path)] == ["L0H0"]


def test_an_empty_file_is_one_whose_making_was_interrupted(path):
    path.write_bytes(b"")
    open_file(path, MARK).connection.close()
    assert rows(path) == [] and asides(path) == []


def flip(path, where):
    content = bytearray(path.read_bytes())
    for i in range(where, where + 60):
        content[i] ^= 0xFF
    path.write_bytes(content)


def another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (x)")


def folder_in_its_place(path):
    path.unlink()
    path.mkdir()
    (path / "something").write_text("kept")


def another_model(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = 'other'")
        connection.commit()


def without_a_table(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE notes")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "damaged"),
        (lambda path: path.write_text("this is no database" * 99), "damaged"),
        (lambda path: flip(path, 0), "damaged"),
        (lambda path: flip(path, path.stat().st_size - 4096), "damaged"),
        (without_a_table, "damaged"),
        (another_program, "no file of notes"),
        (another_model, "another model"),
        (folder_in_its_place, "no file"),
    ],
    ids=["short", "cut", "text", "header", "page", "table", "foreign", "model", "folder"],
)
def test_what_cannot_be_used_is_put_aside_unchanged(path, spoil, reason):
    spoil(path)
    before = None if path.is_dir() else path.read_bytes()
    opened = open_file(path, MARK, [NOTE])
    opened.connection.close()
    assert reason in opened.notice and "a.aside-1.sqlite" in opened.notice
    aside = path.with_name("a.aside-1.sqlite")
    if before is None:
        assert (aside / "something").read_text() == "kept"
    else:
        assert aside.read_bytes() == before
    assert len(rows(path)) == 1, "the new file has what was still known"


def test_names_of_files_put_aside_never_meet(path):
    for _ in range(3):
        path.write_text("no database" * 99)
        open_file(path, MARK).connection.close()
    assert asides(path) == [f"a.aside-{n}.sqlite" for n in (1, 2, 3)]


def test_a_journal_goes_with_its_file(path):
    """SQLite would play it into the new one."""
    journal = path.with_name("a.sqlite-journal")
    journal.write_bytes(b"old pages")
    assert "a.aside-1.sqlite" in notes_file._put_aside(path, "it is damaged")
    assert asides(path) == ["a.aside-1.sqlite", "a.aside-1.sqlite-journal"]
    assert not journal.exists() and not path.exists()


def test_a_newer_programs_file_is_left_alone(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9")
    before = path.read_bytes()
    with pytest.raises(NotebookError, match="newer version"):
        open_file(path, MARK)
    assert path.read_bytes() == before and asides(path) == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotebookError, match="LLM_TT_DATA"):
        open_file(tmp_path / "file" / "notes" / "a.sqlite", MARK)


def test_where_nobody_may_write_notes_can_be_read(path, nobody_may_write):
    nobody_may_write(path.parent)
    connection = open_file(path, MARK).connection
    assert connection.execute("SELECT name FROM notes").fetchall() == [("name",)]
    with pytest.raises(sqlite3.OperationalError) as problem:
        connection.execute("DELETE FROM notes")
    assert "Nothing may be written" in in_words(problem.value, path)[0]
    connection.close()
    with pytest.raises(sqlite3.OperationalError) as problem:
        open_file(path.with_name("b.sqlite"), MARK)
    assert "Nothing may be written" in in_words(problem.value, path)[0]


def test_a_damaged_file_where_nobody_may_write_stays_where_it_is(path, nobody_may_write):
    path.write_text("no database" * 99)
    nobody_may_write(path.parent)
    with pytest.raises(NotebookError, match="Nothing may be written"):
        open_file(path, MARK)
    assert path.read_text().startswith("no database") and asides(path) == []


def test_one_program_at_a_time_looks_at_a_file(path, monkeypatch):
    monkeypatch.setattr(notes_file, "BUSY_SECONDS", 0.05)
    with (
        notes_file.FileLock(path.with_suffix(".lock")),
        pytest.raises(NotebookError, match="Another program"),
    ):
        open_file(path, MARK)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "may be written"),
        (errno.EIO, "EIO"),
    ],
)
def test_what_the_system_says_in_plain_words(path, number, said):
    found, remedy = in_words(OSError(number, errno.errorcode[number]), path)
    assert said in found and "unchanged" in found and "LLM_TT_DATA" in remedy
