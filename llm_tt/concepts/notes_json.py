"""Notes as a file for people and other programs, and back from a file that anybody may have written."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from llm_tt.concepts.notes import MOST_NOTES, Note, NotedModel, refuse, written_note
from llm_tt.errors import NotebookError

FORMAT: Final = "llm_tt notes"
VERSION: Final = 1
LARGEST_FILE: Final = 2**24
"""Characters; every file that is saved here is smaller."""

_ASKED: Final = "Open a file of notes."
_SAVED_HERE: Final = "Choose a file that was saved here."
_MODEL_NUMBERS: Final = ("layers", "heads", "neurons")


@dataclass(frozen=True, slots=True)
class NotesInFile:
    """What a file holds, checked."""

    notes: tuple[Note, ...]
    other_model: str
    """Whose notes they are, if they are another model's; else empty."""


def notes_to_json(model: NotedModel, notes: Iterable[Note]) -> str:
    """A file that a person can read."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "model": {
            "source": model.source,
            "fingerprint": model.fingerprint,
            "layers": model.layers,
            "heads": model.heads,
            "neurons": model.neurons,
        },
        "notes": [
            {"component": note.component, "name": note.name, "text": note.text, "changed": note.changed}
            for note in notes
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def notes_from_json(text: str | bytes, model: NotedModel) -> NotesInFile:
    """The notes of a file, each of them checked against the model.

    Raises:
        NotebookError: the file is none of ours, damaged or of a model of other sizes; the entry is named.
    """
    content = _parsed(text)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        refuse(f"The file does not say that its format is {FORMAT!r}.", _SAVED_HERE, _ASKED)
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        refuse(f"The file is not of version {VERSION}, the only one that we know.", _SAVED_HERE, _ASKED)
    _refuse_unknown(content, {"format", "version", "model", "notes"}, "The file")
    owner = _model_of(content.get("model"))
    if owner.fingerprint != model.fingerprint and owner.sizes != model.sizes:
        refuse(
            f"These are notes of {owner.source[:100]!r}, which has {_in_words(owner)}; "
            f"this model has {_in_words(model)}.",
            "Open that model to read them.",
            _ASKED,
        )
    other = "" if owner.fingerprint == model.fingerprint else owner.source[:100]
    return NotesInFile(_notes_of(content.get("notes"), model), other)


def _parsed(text: str | bytes) -> object:
    if len(text) > 4 * LARGEST_FILE or (isinstance(text, str) and len(text) > LARGEST_FILE):
        _refuse_size(len(text))
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        if len(decoded) > LARGEST_FILE:
            _refuse_size(len(decoded))
        return json.loads(decoded)
    except (ValueError, RecursionError):  # no JSON, no text, numbers of thousands of digits, endless brackets
        refuse("This is no JSON text.", _SAVED_HERE, _ASKED)


def _refuse_size(size: int) -> None:
    refuse(f"It has {size:,} characters, and {LARGEST_FILE:,} are allowed.", "Choose a smaller file.", _ASKED)


def _model_of(entry: object) -> NotedModel:
    if not isinstance(entry, dict):
        refuse("The file does not say of which model it is.", _SAVED_HERE, _ASKED)
    _refuse_unknown(entry, {"source", "fingerprint", *_MODEL_NUMBERS}, "Its model")
    numbers = [entry.get(name) for name in _MODEL_NUMBERS]
    names = [entry.get(name) for name in ("source", "fingerprint")]
    if not all(isinstance(name, str) for name in names):
        refuse("Its model has no source or no fingerprint.", _SAVED_HERE, _ASKED)
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        refuse("Its model has no whole numbers of layers, heads and neurons.", _SAVED_HERE, _ASKED)
    source, fingerprint = map(str, names)
    layers, heads, neurons = (number if isinstance(number, int) else 0 for number in numbers)
    return NotedModel(source, fingerprint, layers, heads, neurons)


def _notes_of(entries: object, model: NotedModel) -> tuple[Note, ...]:
    if not isinstance(entries, list):
        refuse("The file has no list of notes.", _SAVED_HERE, _ASKED)
    if len(entries) > MOST_NOTES:
        refuse(f"It has {len(entries):,} notes, and {MOST_NOTES:,} are allowed.", "Take some out.", _ASKED)
    found: dict[str, Note] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            note = _note_of(entry, model)
            if note.component in found:
                refuse(f"There is a second note of {note.component}.", "Take one out.")
        except NotebookError as problem:
            refuse(f"Entry {number}: {problem.found}", problem.remedy, _ASKED)
        found[note.component] = note
    return tuple(found.values())


def _note_of(entry: object, model: NotedModel) -> Note:
    names = ("component", "name", "text", "changed")
    if not isinstance(entry, dict):
        refuse("It is no object with a component, a name and a text.", _SAVED_HERE)
    _refuse_unknown(entry, set(names), "It")
    for name in names:
        if not isinstance(entry.get(name), str):
            refuse(f"Its {name} is missing, or no text.", _SAVED_HERE)
    component, name, text, changed = (str(entry[key]) for key in names)
    return written_note(model, component, name, text, changed)


def _refuse_unknown(entry: Mapping[object, object], known: set[str], what: str) -> None:
    """A key that would else be overlooked may be a note that would else be lost."""
    unknown = next((key for key in entry if key not in known), None)
    if unknown is not None:
        refuse(f"{what} has something that we do not know: {str(unknown)[:60]!r}.", _SAVED_HERE, _ASKED)


def _in_words(model: NotedModel) -> str:
    return f"{_brief(model.layers)} layers of {_brief(model.heads)} heads and {_brief(model.neurons)} neurons"


def _brief(number: int) -> str:
    return f"{number:,}" if abs(number) < 10**9 else "very many"
