"""Files of notes: ours go both ways, anything else is refused with the entry named."""

import json

import pytest

from llm_tt.concepts import notes_json
from llm_tt.concepts.notes import MOST_CHARACTERS, MOST_NOTES, NotedModel, now, written_note
from llm_tt.concepts.notes_json import LARGEST_FILE, notes_from_json, notes_to_json
from llm_tt.errors import NotebookError

MODEL = NotedModel("m", "f" * 32, layers=2, heads=4, neurons=100_000)
NOTES = tuple(written_note(MODEL, part, 'na"me', "té\nxt", now()) for part in ("L0H0", "L1N7", "L1.mlp"))
GOOD = notes_to_json(MODEL, NOTES)


def changed(**fields):
    return json.dumps({**json.loads(GOOD), **fields})


def with_entry(**fields):
    entries = json.loads(GOOD)["notes"]
    return changed(notes=[entries[0], {**entries[1], **fields}])


def test_there_and_back():
    assert notes_from_json(GOOD, MODEL).notes == NOTES
    assert notes_from_json(b"\xef\xbb\xbf" + GOOD.encode(), MODEL).notes == NOTES, "editors add such a mark"
    assert notes_from_json("\ufeff" + GOOD, MODEL).other_model == ""


def test_the_file_says_whose_notes_it_holds():
    content = json.loads(GOOD)
    assert content["format"] == "llm_tt notes" and content["version"] == 1
    assert content["model"] == {
        "source": "m",
        "fingerprint": "f" * 32,
        "layers": 2,
        "heads": 4,
        "neurons": 100_000,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON"),
        ("nonsense", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("9" * 10_000, "no JSON"),
        ("[]", "format"),
        ('{"format": "llm_tt edits"}', "format"),
        (GOOD[:-20], "no JSON"),
        (changed(version=2), "version"),
        (changed(version=True), "version"),
        (changed(more=1), "'more'"),
        (changed(model=[]), "which model"),
        (changed(model={"source": "m", "fingerprint": 3}), "no source or no fingerprint"),
        (changed(model={"source": "m", "fingerprint": "x", "layers": True}), "whole numbers"),
        (changed(notes={"L0H0": "x"}), "no list"),
        (changed(notes=["L0H0"]), "Entry 1.*no object"),
        (with_entry(name=7), "Entry 2.*name"),
        (with_entry(text=None), "Entry 2.*text"),
        (with_entry(changed=5), "Entry 2.*changed"),
        (with_entry(changed="soon"), "Entry 2.*no time"),
        (with_entry(more="x"), "Entry 2.*'more'"),
        (with_entry(component="L7H0"), "Entry 2.*no layer 7"),
        (with_entry(component="L0H0"), "Entry 2.*second note"),
        (with_entry(name="x" * 61), "Entry 2.*61 characters"),
        (with_entry(name="\ud83d"), "Entry 2.*half"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_anything_else_is_refused(text, message):
    with pytest.raises(NotebookError, match=message) as problem:
        notes_from_json(text, MODEL)
    assert len(str(problem.value)) < 600, "an error repeats no whole file"


def test_sizes_decide_whether_another_models_notes_fit():
    owner = json.loads(GOOD)["model"]
    cousin = changed(model={**owner, "fingerprint": "e" * 32, "source": "x" * 5000})
    assert notes_from_json(cousin, MODEL).other_model == "x" * 100
    with pytest.raises(NotebookError, match="very many layers"):
        notes_from_json(changed(model={**owner, "fingerprint": "e", "layers": 10**4000}), MODEL)
    same = changed(model={**owner, "layers": 99})
    assert notes_from_json(same, MODEL).notes == NOTES, "equal weights are the same model"


def test_too_much_is_refused_before_it_is_read(monkeypatch):
    with pytest.raises(NotebookError, match="10,001 notes"):
        notes_from_json(changed(notes=[1] * (MOST_NOTES + 1)), MODEL)
    monkeypatch.setattr(notes_json, "LARGEST_FILE", 100)
    for text in ("x" * 101, b"x" * 101, b"x" * 401):
        with pytest.raises(NotebookError, match="characters"):
            notes_from_json(text, MODEL)


def test_every_file_that_is_saved_here_can_be_opened():
    """The most notes with the most text, every character of which takes two in the file."""
    longest = written_note(MODEL, "L1N99999", "", '"' * (MOST_CHARACTERS // MOST_NOTES), now())
    empty = len(notes_to_json(MODEL, []))
    assert empty + (len(notes_to_json(MODEL, [longest])) - empty) * MOST_NOTES < LARGEST_FILE
