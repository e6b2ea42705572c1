"""Notes: files of other programs, files that are none, and whatever a person may write."""

import json
import shutil
import sqlite3

import pytest
from hypothesis import given, strategies

from llm_tt.concepts.notebook import MergeReport, Notebook
from llm_tt.errors import LlmTtError, NotebookError
from tests.hostile.answers import acts_on_a_terminal, answered, any_text, often, refused, timed

ROW = "INSERT INTO notes VALUES "


@pytest.fixture(scope="module")
def written(tiny_model, tmp_path_factory):
    """A folder with one note."""
    folder = tmp_path_factory.mktemp("notes")
    notebook = Notebook.of(tiny_model, folder)
    notebook.write("L0H1", "copies", "a text")
    notebook.close()
    return folder


@pytest.fixture
def path(written, tiny_model, tmp_path):
    """A copy of its file that may be spoilt."""
    shutil.copytree(written, tmp_path / "notes")
    return tmp_path / "notes" / f"{tiny_model.fingerprint}.sqlite"


def run(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


ROWS = {
    "a name of 40 megabytes": f"{ROW} ('L0H0', hex(zeroblob(20000000)), 'x', 'y')",
    "200,000 notes": f"{ROW} ('L0H0', 'a', 'b', 'c') ON CONFLICT DO NOTHING",
    "letters that act": f"{ROW} ('L0H0', char(27) || '[31m<script>' || char(8238), 'x' || char(0), 'y')",
    "a component in another spelling": f"{ROW} ('l0 h0', 'a', 'x', 'y')",
    "a component of thousands of digits": f"{ROW} ('L' || replace(hex(zeroblob(3000)), '00', '9') || 'H1', "
    "'a', 'x', 'y')",
    "a zero byte in a name": f"{ROW} ('L0H0' || char(0), 'a', 'x', 'y')",
    "bytes that are no text": f"{ROW} ('L0H0', x'ff00', 1, 2)",
}


@pytest.mark.parametrize("statement", ROWS.values(), ids=ROWS)
def test_rows_that_another_program_wrote(tiny_model, path, statement):
    """What can be read is shown, and acts on nothing; what a person wrote is still there."""
    run(path, statement)
    notebook = Notebook.of(tiny_model, path.parent)
    with timed():
        notebook.write("L1H1", "mine")
        notes = notebook.all()
    assert {"L0H1", "L1H1"} <= {note.component for note in notes}
    assert all(len(note.name) <= 60 and not acts_on_a_terminal(note.name + note.text) for note in notes)


def test_more_notes_than_anybody_wrote(tiny_model, path):
    count = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200000)"
    run(path, f"INSERT INTO notes {count} SELECT 'L0N' || x, 'a', 'b', 'c' FROM c")
    notebook = Notebook.of(tiny_model, path.parent)
    with timed():
        assert len(notebook.all()) <= 10_000
    refused(lambda: notebook.write("L1H1", "mine"), NotebookError)


FILES = {
    "a trigger that deletes": "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
    "a view": "CREATE VIEW more AS SELECT * FROM notes",
    "another program's": "PRAGMA application_id = 1",
}


@pytest.mark.parametrize("statement", FILES.values(), ids=FILES)
def test_a_file_of_something_else_is_put_aside_unchanged(tiny_model, path, statement):
    run(path, statement)
    before = path.read_bytes()
    notebook = Notebook.of(tiny_model, path.parent)
    with timed():
        notebook.write("L1H1", "mine")
    assert [note.component for note in notebook.all()] == ["L1H1"]
    assert path.with_name(f"{path.stem}.aside-1.sqlite").read_bytes() == before
    assert "It lies beside, unchanged" in notebook.notice


@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "folder"])
def test_what_is_no_file_is_put_aside(tiny_model, path, stand_in, kind):
    stand_in(kind, path)
    notebook = Notebook.of(tiny_model, path.parent)
    with timed():
        notebook.write("L1H1", "mine")
    assert "it is no file" in notebook.notice


def test_a_link_that_leads_to_itself_is_said(tiny_model, path, stand_in):
    stand_in("link to itself", path)
    notebook = Notebook.of(tiny_model, path.parent)
    refused(lambda: notebook.write("L1H1", "mine"), NotebookError)


def test_no_pickle_is_read(tiny_model, path, harmful_pickle):
    path.write_bytes(harmful_pickle)
    with timed():
        Notebook.of(tiny_model, path.parent).write("L1H1", "mine")


@pytest.mark.parametrize("statement", ["DROP TABLE notes; ", "ALTER TABLE notes RENAME COLUMN text TO t"])
def test_other_columns_are_said(tiny_model, path, statement):
    run(path, statement)
    notebook = Notebook.of(tiny_model, path.parent)
    answered(lambda: notebook.write("L1H1", "mine"))


@pytest.fixture(scope="module")
def notebook(tiny_model):
    notebook = Notebook.in_memory(tiny_model)
    notebook.write("L0H1", "copies", "a text")
    return notebook


def entry(**changes):
    return {"component": "L0H1", "name": "x", "text": "", "changed": "2026-01-01T00:00:00+00:00"} | changes


ENTRIES = {
    "half of a character": entry(name="\ud800"),
    "the first moment of all": entry(changed="0001-01-01T00:00:00+23:59"),
    "the last moment of all": entry(changed="9999-12-31T23:59:59-23:59"),
    "a time of a megabyte": entry(changed="x" * 10**6),
    "a layer of 5,000 digits": entry(component=f"L{'9' * 5000}H1"),
    "a layer that is a small two": entry(component="L²H1"),
    "a message": entry(component="L0H1@1-"),
    "a name of a megabyte": entry(name="x" * 10**6),
    "a list for a name": entry(name=["x"]),
    "nothing": None,
}


@pytest.mark.parametrize("one", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_that_cannot_be(notebook, one):
    before = notebook.all()
    content = json.loads(notebook.to_json()) | {"notes": [one]}
    error = refused(lambda: notebook.merge_json(json.dumps(content)), NotebookError)
    assert len(error.found) < 400
    assert notebook.all() == before


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"format": ' + "9" * 5_000, " " * 17_000_000, b"\xff" * 100, b"\x80\x04\x95"],
    ids=["brackets", "digits", "spaces", "bytes", "pickle"],
)
def test_a_file_that_is_none(notebook, content):
    refused(lambda: notebook.merge_json(content), NotebookError)


@often
@given(name=any_text, text=any_text, component=strategies.one_of(any_text, strategies.just("L0H1")))
def test_whatever_is_written_is_kept_as_text_or_refused(notebook, name, text, component):
    if answered(lambda: notebook.write(component, name, text)) is None:
        for note in notebook.all():
            assert not acts_on_a_terminal(note.name.replace("\xa0", "")) or note.name.isprintable() is False
            (note.name + note.text).encode()


@often
@given(cut=strategies.integers(0, 400), byte=strategies.integers(0, 255))
def test_a_changed_byte_gives_notes_or_a_sentence(notebook, cut, byte):
    content = bytearray(notebook.to_json().encode())
    content[cut % len(content)] = byte
    found = answered(lambda: notebook.merge_json(bytes(content)))
    assert isinstance(found, (MergeReport, LlmTtError))
