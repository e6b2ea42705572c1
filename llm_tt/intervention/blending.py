"""Several edits of one thing as one: how much of its own is left, how much is usual, and what is added.

own * x + usual * (what x usually is) + constant, at every position of a stretch of text.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from llm_tt.intervention.edits import Ablate, Scale, SetNeuron
from llm_tt.intervention.positions import chosen

PartEdit = Ablate | Scale | SetNeuron
"""An edit of what a head, a neuron or an MLP brings."""


class Window(NamedTuple):
    """A stretch of text that a run works on."""

    start: int
    stop: int
    n_prompt: int


class Blends:
    """The blends of many things, each at every position of a window; in double precision."""

    def __init__(self, *shape: int) -> None:
        self.own = np.ones(shape)
        self.usual = np.zeros(shape)
        self.constant = np.zeros(shape)

    def apply(self, edit: PartEdit, window: Window, *things: int | slice) -> None:
        """Follow what has been done to some things by one edit more; the last axis are the positions."""
        where = (*things, chosen(edit.positions, *window))
        factor, usual, constant = _numbers(edit)
        self.own[where] *= factor
        self.usual[where] = self.usual[where] * factor + usual
        self.constant[where] = self.constant[where] * factor + constant

    @property
    def is_nothing(self) -> bool:
        """Everything stays as it is."""
        return bool((self.own == 1).all() and not self.usual.any() and not self.constant.any())


def needs_usual(edits: Sequence[object]) -> bool:
    """Whether some edit asks for what things usually are."""
    return any(isinstance(edit, Ablate) and edit.baseline == "mean" for edit in edits)


def _numbers(edit: PartEdit) -> tuple[float, float, float]:
    match edit:
        case Ablate():
            return 1.0 - edit.strength, edit.strength if edit.baseline == "mean" else 0.0, 0.0
        case Scale():
            return edit.factor, 0.0, 0.0
        case SetNeuron():
            return 0.0, 0.0, edit.value
