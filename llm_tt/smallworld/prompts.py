"""A prompt with a known answer, and the protocol of the tasks that write them."""

from dataclasses import dataclass
from random import Random
from typing import Protocol, runtime_checkable

MARK = "\x01"
"""Stands before a word that the text so far determines; training weighs it fully and never shows the mark."""
SUBJECT_END = "\x02"
"""Stands behind the subject of a fact; the text from here to the answer is what `recall_share` speaks of."""


def without_marks(text: str) -> str:
    """The text as a model reads it."""
    return text.replace(MARK, "").replace(SUBJECT_END, "")


@dataclass(frozen=True, slots=True)
class TaskPrompt:
    """One question of one task.

    Texts of answers are one token each and carry their leading space where they have one.
    """

    task: str
    prompt: str
    answer: str
    contrast: str
    """A wrong but plausible answer."""
    corrupted: str
    """A prompt of equal token length with another answer."""
    corrupted_answer: str
    ending: str = "."
    """How the sentence goes on after the answer."""
    accepted: tuple[str, ...] = ()
    """All right answers, where there are several (greater-than years); else empty."""
    rejected: tuple[str, ...] = ()
    """The wrong answers whose probability counts against the right ones; empty unless `accepted` is set."""

    @property
    def right_answers(self) -> tuple[str, ...]:
        """Every answer that counts as right."""
        return self.accepted or (self.answer,)

    def marked_text(self) -> str:
        """The whole sentence for training, the answer marked."""
        return f"{self.prompt}{MARK}{self.answer}{self.ending}"


@runtime_checkable
class Task(Protocol):
    """A kind of question. Both methods draw from `rng` alone, so a seed fixes them."""

    @property
    def name(self) -> str:
        """The name in tables and in `generate`."""

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A question of the held-out combinations, or of those that training may see."""

    def write(self, rng: Random) -> str:
        """A marked text for training; never a held-out combination."""
