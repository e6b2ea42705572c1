"""A person's names and notes: kept, found again, merged, and never lost."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from llm_tt.concepts import notebook as notebook_module
from llm_tt.concepts.notebook import MergeReport, Notebook
from llm_tt.errors import NotebookError
from llm_tt.intervention.components import Component


def file_with(book, **notes):
    """A saved file whose notes are those of the arguments: component -> (name, text, time)."""
    content = json.loads(book.to_json())
    content["notes"] = [
        {"component": component, "name": name, "text": text, "changed": changed}
        for component, (name, text, changed) in notes.items()
    ]
    return json.dumps(content)


def test_what_was_written_is_found_again_by_another_opening(notebook, tiny_model):
    notebook.write("L1H2", "reads names", "Looks back.\nTwo lines.")
    notebook.write(Component("neuron", 0, neuron=3), text="only a text")
    again = Notebook.of(tiny_model, notebook.path.parent)
    assert again.get("L1H2").name == "reads names"
    assert again.get(Component("head", 1, head=2)).text == "Looks back.\nTwo lines."
    assert again.names() == {"L1H2": "reads names"}, "a note without a name names nothing"
    assert [note.component for note in again.all()] == ["L0N3", "L1H2"]
    assert again.get("L0H0") is None
    assert notebook.notice == again.notice == ""


def test_an_empty_note_is_taken_away(notebook):
    notebook.write("L0.mlp", "sums")
    notebook.write("L0.mlp")
    assert notebook.all() == ()
    notebook.write("L0.mlp")  # taking nothing away is fine
    assert notebook.all() == ()


def test_the_order_is_by_layer_head_mlp_and_neuron(notebook):
    for name in ("L1N2", "L0N10", "L0.mlp", "L0H3", "L1H0", "L0N9"):
        notebook.write(name, "x")
    assert [n.component for n in notebook.all()] == ["L0H3", "L0.mlp", "L0N9", "L0N10", "L1H0", "L1N2"]


def test_two_models_have_two_notebooks(open_family, tiny_model, tmp_path):
    Notebook.of(tiny_model, tmp_path).write("L0H0", "one")
    other = open_family("Llama, with biases")
    assert Notebook.of(other, tmp_path).all() == ()


def test_in_memory_nothing_reaches_a_disk(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path / "data"))
    visitor, another = Notebook.in_memory(tiny_model), Notebook.in_memory(tiny_model)
    visitor.write("L0H1", "mine")
    assert visitor.names() == {"L0H1": "mine"} and not another.names()
    assert visitor.path is None and not (tmp_path / "data").exists()


def test_without_a_folder_it_lies_among_the_data(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path))
    Notebook.of(tiny_model).write("L0H1", "mine")
    assert (tmp_path / "notes" / f"{tiny_model.fingerprint}.sqlite").is_file()


def test_names_are_read_once_and_seen_when_another_writes(notebook, tiny_model):
    notebook.write("L0H1", "first")
    assert notebook.names() is notebook.names()
    Notebook.of(tiny_model, notebook.path.parent).write("L0H1", "second")
    assert notebook.names() == {"L0H1": "second"}


def test_names_of_many_notes_are_quick(notebook):
    notebook.merge_json(file_with(notebook, **{f"L0N{n}": ("x", "y" * 100, "2020-01-01") for n in range(48)}))
    notebook.names()
    start = time.perf_counter()
    for _ in range(100):
        notebook.names()
    assert time.perf_counter() - start < 0.1, "less than a millisecond each"


def test_a_saved_file_fills_another_notebook(notebook, tiny_model, tmp_path):
    notebook.write("L0H1", 'quotes " and ünïcode', "line\nline")
    notebook.write("L1.mlp", text="text")
    other = Notebook.of(tiny_model, tmp_path / "other")
    assert other.merge_json(notebook.to_json().encode()) == MergeReport(2, 0, 0, 0)
    assert other.all() == notebook.all(), "the times too"
    assert other.merge_json(notebook.to_json()) == MergeReport(0, 0, 0, 2)


@pytest.mark.parametrize(
    ("way", "older", "newer"), [("newer", "ours", "theirs"), ("theirs",) * 3, ("ours",) * 3]
)
def test_of_two_notes_one_stays(notebook, way, older, newer):
    notebook.write("L0H0", "ours")
    notebook.write("L0H1", "ours")
    future = "2999-01-01T00:00:00+00:00"
    time.sleep(0.002)
    text = file_with(notebook, L0H0=("theirs", "", "2001-01-01T00:00:00+00:00"), L0H1=("theirs", "", future))
    report = notebook.merge_json(text, on_conflict=way)
    assert notebook.names() == {"L0H0": older, "L0H1": newer}
    assert report.changed + report.kept == 2 and report.changed == [older, newer].count("theirs")
    assert notebook.get("L0H1").changed < future, "a clock that is wrong wins once, not for ever"


def test_empty_notes_of_a_file_take_nothing_away(notebook):
    notebook.write("L0H0", "ours")
    report = notebook.merge_json(file_with(notebook, L0H0=("", " ", "2999-01-01")), on_conflict="theirs")
    assert report.skipped == 1 and notebook.names() == {"L0H0": "ours"}


def test_notes_of_a_model_of_equal_sizes_are_taken_and_reported(notebook):
    content = json.loads(file_with(notebook, L0H0=("theirs", "", "2001-01-01")))
    content["model"].update(source="its/cousin", fingerprint="f" * 32)
    assert notebook.merge_json(json.dumps(content)).other_model == "its/cousin"
    content["model"]["heads"] += 1
    with pytest.raises(NotebookError, match="its/cousin"):
        notebook.merge_json(json.dumps(content))


def test_one_bad_entry_and_nothing_is_taken(notebook):
    text = file_with(notebook, L0H0=("good", "", "2001-01-01"), L0H99=("bad", "", "2001-01-01"))
    with pytest.raises(NotebookError, match=r"Entry 2.*L0H99"):
        notebook.merge_json(text)
    assert notebook.all() == ()


def test_too_many_notes_are_refused_whole(notebook, monkeypatch):
    monkeypatch.setattr(notebook_module, "MOST_NOTES", 2)
    three = file_with(notebook, **{f"L0N{n}": ("x", "", "2001-01-01") for n in range(3)})
    with pytest.raises(NotebookError, match="3 notes"):
        notebook.merge_json(three)
    notebook.write("L0H0", "a")
    notebook.write("L0H1", "b")
    with pytest.raises(NotebookError, match="3 notes"):
        notebook.write("L0H2", "c")
    notebook.write("L0H1", "another name is no other note")
    monkeypatch.setattr(notebook_module, "MOST_CHARACTERS", 40)
    with pytest.raises(NotebookError, match="All notes together"):
        notebook.write("L0H1", "x" * 50)
    assert len(notebook.all()) == 2


def test_threads_lose_nothing(tiny_model, tmp_path):
    shared, problems = Notebook.of(tiny_model, tmp_path), []

    def write(heads, book):
        try:
            for neuron in heads:
                book.write(f"L0N{neuron}", f"name {neuron}")
                book.names()
        except Exception as problem:
            problems.append(problem)

    own = Notebook.of(tiny_model, tmp_path)
    threads = [
        threading.Thread(target=write, args=(range(start, 48, 4), [shared, own][start % 2]))
        for start in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert shared.names() == own.names() == {f"L0N{n}": f"name {n}" for n in range(48)}


WRITER = """
import sys, time
from pathlib import Path
from llm_tt.concepts.notes import Note, now
from llm_tt.concepts.notes_store import NotesStore
store = NotesStore(Path(sys.argv[1]), "f" * 32)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store.change("write", lambda notes: {f"L0N{number}": Note(f"L0N{number}", "x" * 60, "y" * 2000, now())})
    print(number, flush=True)
    time.sleep(0.01)  # two that never pause would starve each other
"""


def writer(path, first, last):
    """Another program that writes notes one by one, and says which it has written."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(last)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(notebook_module.__file__).parents[2],
    )


def test_two_programs_lose_nothing_and_one_killed_in_the_middle_loses_nothing_it_had_said(tmp_path):
    path = tmp_path / "a.sqlite"
    first, second = writer(path, 0, 40), writer(path, 10_000, 20_000)
    for program in (first, second):
        assert program.stdout.readline() == "ready\n"
    for program in (first, second):
        program.stdin.write("go\n")
        program.stdin.flush()
    said_by_first = first.stdout.read().split()
    second.kill()
    said_by_second = second.stdout.read().split()
    second.wait()
    assert len(said_by_first) == 40 and said_by_second
    store = notebook_module.NotesStore(path, "f" * 32)
    assert {f"L0N{n}" for n in [*said_by_first, *said_by_second]} <= set(store.notes())
    assert store.notice == ""
