"""`Notebook`: a person's own names and notes for heads, neurons and MLPs, one file a model.

    notebook = Notebook.of(model)
    notebook.write("L2H1", "copies the receiver", "Without it, the name is lost.")
    notebook.names()                      # {"L2H1": "copies the receiver"}

The file lies among a person's data, not in a cache, and belongs to the weights: another name for the same
model finds it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from llm_tt.concepts.folders import data_folder
from llm_tt.concepts.notes import (
    MOST_CHARACTERS,
    MOST_NOTES,
    Note,
    NotedModel,
    now,
    order_of,
    refuse,
    written_note,
)
from llm_tt.concepts.notes_json import notes_from_json, notes_to_json
from llm_tt.concepts.notes_store import Changes, Notes, NotesStore
from llm_tt.intervention.components import Component
from llm_tt.model.language_model import LanguageModel

OnConflict = Literal["newer", "theirs", "ours"]
"""Which of two different notes of one component stays: the one written later, the file's, or the one here."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """How many notes of a file went which way."""

    added: int
    changed: int
    """The file's took the place of one that was here."""
    kept: int
    """The one that was here stayed."""
    skipped: int
    """Nothing to do: equal to the one here, or empty."""
    other_model: str = ""
    """If the file was another model's with equal sizes, its name: the parts have equal names, no more."""


class Notebook:
    """Notes by component; every call may come from any thread, and other programs may write too."""

    def __init__(self, model: NotedModel, store: NotesStore) -> None:
        self._model = model
        self._store = store
        self._named: tuple[Notes, Mapping[str, str]] = ({}, MappingProxyType({}))

    @classmethod
    def of(cls, model: LanguageModel, folder: Path | None = None) -> "Notebook":
        """The notebook of a model; opening never fails, `notice` says what a person should know."""
        noted = NotedModel.of(model)
        place = data_folder() / "notes" if folder is None else folder
        return cls(noted, NotesStore(place / f"{noted.fingerprint}.sqlite", noted.fingerprint))

    @classmethod
    def in_memory(cls, model: LanguageModel) -> "Notebook":
        """One that nobody else sees and that ends with this object, for visitors of a hosted dashboard."""
        noted = NotedModel.of(model)
        return cls(noted, NotesStore(None, noted.fingerprint))

    @property
    def path(self) -> Path | None:
        """Where it is kept; None in memory."""
        return self._store.path

    @property
    def notice(self) -> str:
        """A file put aside, a folder out of reach; empty where all is well. As of the last reading."""
        return self._store.notice

    def get(self, component: str | Component) -> Note | None:
        """The note of a component, if there is one."""
        return self._store.notes().get(str(component))

    def all(self) -> tuple[Note, ...]:
        """All notes: by layer, in it heads, the MLP, neurons."""
        return tuple(sorted(self._store.notes().values(), key=order_of))

    def names(self) -> Mapping[str, str]:
        """Name by component, where there is a name; made to be asked on every run of a page."""
        notes = self._store.notes()
        made_of, names = self._named
        if made_of is not notes:
            names = MappingProxyType({key: note.name for key, note in notes.items() if note.name})
            self._named = (notes, names)
        return names

    def write(self, component: str | Component, name: str = "", text: str = "") -> None:
        """Keep a name and a text; if both are empty, the note is taken away.

        Raises:
            NotebookError: the component is not in the model, something is too long, or it cannot be written.
        """
        note = written_note(self._model, str(component), name, text, now())

        def decide(notes: Notes) -> Changes:
            if not note.size:
                return {note.component: None}
            _check_room({**notes, note.component: note})
            return {note.component: note}

        self._store.change(f"Keep the note of {note.component}.", decide)

    def to_json(self) -> str:
        """As a file that a person can read, and `merge_json` too."""
        return notes_to_json(self._model, self.all())

    def merge_json(self, text: str | bytes, *, on_conflict: OnConflict = "newer") -> MergeReport:
        """Take the notes of a file in: all of them are valid and kept, or none.

        Raises:
            NotebookError: the file is none of ours, damaged or of a model of other sizes (the entry is
                named), there are too many notes, or they cannot be written.
        """
        file = notes_from_json(text, self._model)
        report = MergeReport(0, 0, 0, 0)

        def decide(notes: Notes) -> Changes:
            nonlocal report
            ways = {note.component: _way(notes.get(note.component), note, on_conflict) for note in file.notes}
            counts = {way: list(ways.values()).count(way) for way in ("added", "changed", "kept", "skipped")}
            report = MergeReport(**counts, other_model=file.other_model)
            taken = {n.component: n for n in file.notes if ways[n.component] in ("added", "changed")}
            _check_room({**notes, **taken})
            return taken

        self._store.change("Take the notes of a file in.", decide)
        return report

    def close(self) -> None:
        """Let go of the file; a later call opens it again."""
        self._store.close()


def _way(ours: Note | None, theirs: Note, on_conflict: OnConflict) -> str:
    if not theirs.size or (ours is not None and (ours.name, ours.text) == (theirs.name, theirs.text)):
        return "skipped"
    if ours is None:
        return "added"
    # Both times are UTC in one form, so their letters are in the order of time.
    theirs_wins = on_conflict == "theirs" or (on_conflict == "newer" and theirs.changed > ours.changed)
    return "changed" if theirs_wins else "kept"


def _check_room(notes: Notes) -> None:
    if len(notes) > MOST_NOTES:
        refuse(f"That would be {len(notes):,} notes, and {MOST_NOTES:,} are allowed.", "Take some out.")
    size = sum(note.size for note in notes.values())
    if size > MOST_CHARACTERS:
        refuse(
            f"All notes together would have {size:,} characters, and {MOST_CHARACTERS:,} are allowed.",
            "Shorten some.",
        )
