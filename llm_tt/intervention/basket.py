"""`Basket`: the edits that a person has collected, some switched on; saved in files and in links."""

import json
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from llm_tt.errors import InterventionError
from llm_tt.intervention.edit_json import edit_from_json, readable_text, refuse_unknown_keys
from llm_tt.intervention.edit_links import entry_from_link, link_of_entry
from llm_tt.intervention.edits import Edit

FORMAT: Final = "llm_tt edits"
VERSION: Final = 1

LARGEST_FILE: Final = 2**20
"""Characters, or bytes."""
MOST_EDITS: Final = 200
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class BasketItem:
    """An edit, whether it is made, and what the person wrote beside it."""

    edit: Edit
    on: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > LONGEST_NOTE:
            _refuse(
                f"A note has {len(self.note):,} characters, and {LONGEST_NOTE} are allowed.", "Shorten it."
            )


@dataclass(frozen=True, slots=True)
class Basket:
    """Edits in the order in which they are made; a plain value, every change is a new one."""

    items: tuple[BasketItem, ...] = ()

    def __post_init__(self) -> None:
        _check_count(len(self.items))

    @property
    def active(self) -> tuple[Edit, ...]:
        """The edits that are switched on."""
        return tuple(item.edit for item in self.items if item.on)

    def add(self, item: BasketItem | Edit) -> "Basket":
        """With one more at the end."""
        return Basket((*self.items, item if isinstance(item, BasketItem) else BasketItem(item)))

    def replace(self, i: int, item: BasketItem | Edit) -> "Basket":
        """With another one in a place; an edit alone keeps the switch and the note of that place."""
        new = item if isinstance(item, BasketItem) else replace(self.items[i], edit=item)
        return Basket((*self.items[:i], new, *self.items[i + 1 :]))

    def remove(self, i: int) -> "Basket":
        """Without the one in a place."""
        return Basket((*self.items[:i], *self.items[i + 1 :]))

    def to_json(self) -> str:
        """As a file that a person can read."""
        content = {"format": FORMAT, "version": VERSION, "edits": [_entry_of(item) for item in self.items]}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Basket":
        """The basket of a file.

        Raises:
            InterventionError: the file is none of ours, or damaged; the entry is named.
        """
        return cls(_items_from(_entries_of_file(_parsed(text))))

    def to_link(self) -> str:
        """One short line of letters that links may have, such as `ablate:L2H1;scale:L2.mlp:0.5:p=13`."""
        return ";".join(link_of_entry(_entry_of(item)) for item in self.items)

    @classmethod
    def from_link(cls, text: str) -> "Basket":
        """The basket of a link.

        Raises:
            InterventionError: it is none of ours, or damaged; the entry is named.
        """
        _check_size(len(text))
        if not text:
            return cls()
        written = text.split(";")
        _check_count(len(written))
        entries: list[object] = []
        for number, entry in enumerate(written, start=1):
            try:
                entries.append(entry_from_link(entry))
            except ValueError as problem:
                _refuse(f"Entry {number}: {problem}")
        return cls(_items_from(entries))


def _entry_of(item: BasketItem) -> dict[str, object]:
    entry = item.edit.to_json()
    if not item.on:
        entry["on"] = False
    if item.note:
        entry["note"] = item.note
    return entry


def _items_from(entries: list[object]) -> tuple[BasketItem, ...]:
    _check_count(len(entries))
    items = []
    for number, entry in enumerate(entries, start=1):
        try:
            items.append(_item_from(entry))
        except InterventionError as problem:
            _refuse(f"Entry {number}: {problem.found}", problem.remedy)
    return tuple(items)


def _item_from(entry: object) -> BasketItem:
    if not isinstance(entry, dict):
        return BasketItem(edit_from_json(entry))
    on, note = entry.get("on", True), entry.get("note", "")
    if not isinstance(on, bool):
        _refuse("Its `on` is neither true nor false.")
    if not isinstance(note, str):
        _refuse("Its note is no text.")
    edit = edit_from_json({key: value for key, value in entry.items() if key not in ("on", "note")})
    return BasketItem(edit, on, readable_text(note, "note"))


def _parsed(text: str | bytes) -> object:
    _check_size(len(text))
    try:
        return json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (ValueError, RecursionError):  # no JSON, no text, numbers of thousands of digits, endless brackets
        _refuse("This is no JSON text.", "Choose a file that was saved here.")


def _entries_of_file(content: object) -> list[object]:
    remedy = "Choose a file that was saved here."
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        _refuse(f"The file does not say that its format is {FORMAT!r}.", remedy)
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        _refuse(f"The file is not of version {VERSION}, the only one that we know.", remedy)
    refuse_unknown_keys(content, {"format", "version", "edits"}, "a file of edits")
    entries = content.get("edits")
    if not isinstance(entries, list):
        _refuse("The file has no list of edits.", remedy)
    return entries


def _check_size(size: int) -> None:
    if size > LARGEST_FILE:
        _refuse(f"It has {size:,} characters, and {LARGEST_FILE:,} are allowed.", "Choose a smaller file.")


def _check_count(n_edits: int) -> None:
    if n_edits > MOST_EDITS:
        _refuse(f"These are {n_edits:,} edits, and {MOST_EDITS} are allowed.", "Take some out.")


def _refuse(found: str, remedy: str = "Write it as a saved file has it.") -> NoReturn:
    raise InterventionError(asked="Open a list of interventions.", found=found, remedy=remedy)
