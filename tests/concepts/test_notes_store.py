"""The store: one transaction a change, and nothing is lost when disk, folder or file fail."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from llm_tt.concepts import notes_store
from llm_tt.concepts.notes import Note
from llm_tt.concepts.notes_store import NotesStore
from llm_tt.errors import NotebookError

MARK = "f" * 32


def note(component, text="text"):
    return Note(component, "name", text, "2026-01-01T00:00:00.000+00:00")


def write(store, *components, text="text"):
    store.change("Write.", lambda notes: {component: note(component, text) for component in components})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "notes" / "a.sqlite"


@pytest.fixture
def store(path):
    """With one note."""
    made = NotesStore(path, MARK)
    write(made, "L0H0")
    yield made
    made.close()


def kept(path):
    """What somebody finds who opens the file now."""
    other = NotesStore(path, MARK)
    found = set(other.notes())
    other.close()
    return found


def test_a_change_is_there_for_others_at_once(store, path):
    assert kept(path) == {"L0H0"}
    store.change("Take away.", lambda notes: {"L0H0": None})
    assert kept(path) == set() == set(store.notes())


def test_a_change_sees_what_another_has_written_before(store, path):
    write(NotesStore(path, MARK), "L1H1")
    seen = []
    store.change("Look.", lambda notes: seen.extend(notes) or {})
    assert seen == ["L0H0", "L1H1"]


def test_a_refused_change_leaves_everything(store, path):
    def refuse(notes):
        raise NotebookError(asked="a", found="too many", remedy="less")

    with pytest.raises(NotebookError, match=r"^Do it\. too many less$"):
        store.change("Do it.", refuse)
    write(store, "L0H1")
    assert kept(path) == {"L0H0", "L0H1"}, "and the store still works"


def test_a_full_disk_loses_nothing(store, path):
    connection = store._file.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotebookError, match=r"disk is full.*unchanged.*LLM_TT_DATA"):
        write(store, *(f"L0N{n}" for n in range(50)), text="x" * 2000)
    assert set(store.notes()) == kept(path) == {"L0H0"}
    connection.execute("PRAGMA max_page_count = 10000")
    write(store, "L0N1")
    assert kept(path) == {"L0H0", "L0N1"}, "as soon as there is room again"


SMALL_DISK = """
import resource, sys
from pathlib import Path
from llm_tt.concepts.notes import Note, now
from llm_tt.concepts.notes_store import NotesStore
from llm_tt.errors import NotebookError
store = NotesStore(Path(sys.argv[1]), "f" * 32)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    notes = {f"L0N{n}": Note(f"L0N{n}", "", "x" * 2000, now()) for n in range(99)}
    store.change("Write.", lambda _: notes)
except NotebookError as problem:
    print(problem, sorted(store.notes()))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limits of files here")
@pytest.mark.parametrize("room", [0, 3000, 20_000])
def test_a_disk_that_ends_in_the_middle_of_a_file(store, path, room):
    """The system itself refuses to write on, in the journal or in the file."""
    run = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(path), str(room)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(notes_store.__file__).parents[2],
    )
    assert "Nothing was written" in run.stdout or "disk is full" in run.stdout, run
    assert "['L0H0']" in run.stdout
    assert kept(path) == {"L0H0"}


def test_a_full_disk_at_the_first_opening(path, monkeypatch):
    def full(*_):
        problem = sqlite3.OperationalError("database or disk is full")
        problem.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr("llm_tt.concepts.notes_file._make", full)
        store = NotesStore(path, MARK)
        assert store.notes() == {} and "disk is full" in store.notice
        with pytest.raises(NotebookError, match="disk is full"):
            write(store, "L0H0")
    write(store, "L0H0")
    assert store.notes() and store.notice == "" and kept(path) == {"L0H0"}


def test_a_folder_that_nobody_may_write_into(store, path, nobody_may_write):
    store.close()
    nobody_may_write(path.parent)
    reader = NotesStore(path, MARK)
    assert set(reader.notes()) == {"L0H0"} and reader.notice == ""
    with pytest.raises(NotebookError, match="Nothing may be written"):
        write(reader, "L0H1")
    assert set(reader.notes()) == {"L0H0"}
    reader.close()


def test_a_folder_that_vanishes_is_made_again_with_what_was_known(store, path):
    assert store.notes()
    shutil.rmtree(path.parent)
    assert set(store.notes()) == {"L0H0"}
    write(store, "L0H1")
    assert kept(path) == {"L0H0", "L0H1"}


def test_a_file_that_is_spoilt_while_it_is_open(store, path):
    store.notes()
    content = bytearray(path.read_bytes())
    content[:] = b"x" * len(content)
    path.write_bytes(content)
    write(store, "L0H1")
    assert set(store.notes()) == {"L0H0", "L0H1"}
    assert "a.aside-1.sqlite" in store.notice
    assert path.with_name("a.aside-1.sqlite").read_bytes() == content
    assert kept(path) == {"L0H0", "L0H1"}


def test_another_program_put_the_file_aside(store, path):
    path.rename(path.with_name("elsewhere"))
    other = NotesStore(path, MARK)
    write(other, "L1H1")
    assert set(store.notes()) == {"L1H1"}
    write(store, "L0H3")
    assert set(other.notes()) == {"L1H1", "L0H3"}, "both write into the new one"


def test_somebody_who_writes_for_long(store, path, monkeypatch):
    monkeypatch.setattr("llm_tt.concepts.notes_file.BUSY_SECONDS", 0.05)
    store.close()
    store.notes()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert set(store.notes()) == {"L0H0"}, "what was last read"
        assert "Another program is writing" in store.notice
        with pytest.raises(NotebookError, match="Another program is writing"):
            write(store, "L0H1")
        other.execute("ROLLBACK")
    write(store, "L0H1")
    assert store.notes() and store.notice == ""


def test_rows_that_are_no_notes_are_not_shown_and_stay(store, path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO notes VALUES ('<script>', 'x', 'y', 'z'), ('L0H2', x'ff00', 'y', 'z')")
        other.execute("INSERT INTO notes VALUES ('L0H3', CAST(x'41ff' AS TEXT), 'y', 'z')")
        other.commit()
    assert set(store.notes()) == {"L0H0", "L0H3"}
    assert store.notes()["L0H3"].name == "A\ufffd"
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM notes").fetchone() == (4,)
