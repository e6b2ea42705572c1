"""`Note`: what a person calls a head, a neuron or an MLP, and wrote about it."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NoReturn

from llm_tt.errors import InterventionError, NotebookError
from llm_tt.intervention.components import Component
from llm_tt.model.language_model import LanguageModel

LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 2_000
MOST_NOTES: Final = 10_000
MOST_CHARACTERS: Final = 4_000_000
"""Of all names and texts together, so that a saved file can always be opened again."""

_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what stands around them on a page."""
_LINE_ENDS: Final = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))


@dataclass(frozen=True, slots=True)
class Note:
    """A plain value; name or text may be empty, but not both."""

    component: str
    """Such as L2H1, L2N33 or L2.mlp."""
    name: str
    """One line."""
    text: str
    changed: str
    """When, as in 2026-11-21T09:16:45.123+00:00; always UTC."""

    @property
    def size(self) -> int:
        """Characters that a person wrote."""
        return len(self.name) + len(self.text)


@dataclass(frozen=True, slots=True)
class NotedModel:
    """What of a model decides which notes fit it."""

    source: str
    fingerprint: str
    layers: int
    heads: int
    neurons: int
    """Of one MLP; 0 where single neurons are not available."""

    @classmethod
    def of(cls, model: LanguageModel) -> "NotedModel":
        """Of an opened model."""
        sizes = model.dimensions
        return cls(model.spec.source, model.fingerprint, sizes.n_layers, sizes.n_heads, sizes.d_mlp)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Two models with equal sizes have parts with equal names."""
        return (self.layers, self.heads, self.neurons)

    def component(self, name: str) -> Component:
        """The part of this model with a name.

        Raises:
            NotebookError: there is none, or notes are not kept of its kind.
        """
        try:
            found = Component.named(name)
        except InterventionError as problem:
            refuse(problem.found, "Names look like L2H1, L2N33 or L2.mlp.")
        if found.kind == "edge":
            refuse(f"{found} belongs to one prompt.", "Name the head, the neuron or the MLP.")
        if found.kind == "neuron" and not self.neurons:
            refuse("Single neurons are not available for this model.", "The MLP as a whole can be named.")
        for what, number, size in (
            ("layer", found.layer, self.layers),
            ("head", found.head or 0, self.heads),
            ("neuron", found.neuron or 0, self.neurons or 1),
        ):
            if number >= size:
                refuse(f"{found}: there is no {what} {number}.", f"Choose a {what} from 0 to {size - 1}.")
        return found


def written_note(model: NotedModel, component: str, name: str, text: str, changed: str) -> Note:
    """A note as it is kept: control characters and spaces at the ends are left out.

    Raises:
        NotebookError: the component is not in the model, a text is too long or no text, or the time is none.
    """
    part = str(model.component(component))
    name = " ".join(_cleaned(name, "name").split())
    text = _cleaned(text, "text").strip()
    for what, written, longest in (("name", name, LONGEST_NAME), ("text", text, LONGEST_TEXT)):
        if len(written) > longest:
            refuse(
                f"The {what} of {part} has {len(written):,} characters, and {longest:,} are allowed.",
                "Shorten it.",
            )
    return Note(part, name, text, _checked_time(changed))


def readable_note(row: tuple[object, ...]) -> Note | None:
    """The note of a row of a file, whoever wrote it; None where it is none."""
    component, name, text, changed = row
    if not (
        isinstance(component, str)
        and isinstance(name, str)
        and isinstance(text, str)
        and isinstance(changed, str)
    ):
        return None
    try:
        part = Component.named(component)
        if part.kind == "edge" or str(part) != component:
            return None
        name = " ".join(_cleaned(name, "name").split())
        return Note(component, name, _cleaned(text, "text").strip(), changed)
    except (InterventionError, NotebookError):
        return None


def now() -> str:
    """The time as notes have it."""
    return _in_words(datetime.now(UTC))


def order_of(note: Note) -> tuple[int, str, int]:
    """By layer, then heads, the MLP, neurons, each in its order."""
    part = Component.named(note.component)
    return (part.layer, part.kind, part.head or part.neuron or 0)


def refuse(found: str, remedy: str, asked: str = "Keep a note.") -> NoReturn:
    """Say what stands in the way of notes.

    Raises:
        NotebookError: always.
    """
    raise NotebookError(asked=asked, found=found, remedy=remedy)


def _cleaned(text: str, what: str) -> str:
    """Text that every page and file can hold, and that acts on none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse(f"The {what} holds half of a character.", "Type it again.")
    lines = text.replace("\r\n", "\n").translate(_LINE_ENDS).replace("\t", " ")
    kept = (c for c in lines if c == "\n" or (unicodedata.category(c) != "Cc" and c not in _TURNING))
    return "".join(kept)


def _checked_time(text: str) -> str:
    """The same time in our words; one that is yet to come would win for ever, so it becomes now."""
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        refuse(f"{text[:40]!r} is no time.", "Write it like 2026-11-21T09:16:45+00:00.")
    return _in_words(min(time, datetime.now(UTC)))


def _in_words(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")
