"""An index with planted groups, for tests of clusters: what they need of a real one, and no more."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.lens.promotion import TokenChanges

WORDS = [" Paris", " Rome", " Oslo", " cat", " dog", " cow", " one", " two", " six", " x"]
"""Three groups of three words each, and one that everybody promotes a little."""


@dataclass(frozen=True)
class SmallReading:
    """Of one neuron."""

    output_spread: float
    sides: dict


@dataclass(frozen=True)
class SmallTerm:
    """What a word means."""

    token_ids: tuple[int, ...]


@dataclass
class SmallIndex(NeuronIndex):
    """Neuron i belongs to group i % 3; its list has the group's words, then " x", then a word of its own."""

    n_neurons: int = 60
    d_mlp: int = 30
    width: int = 16
    place: Path | None = None
    noise: float = 0.1
    asked: list = field(default_factory=list)

    def __post_init__(self):
        rng = np.random.default_rng(3)
        groups = np.eye(3, self.width)[np.arange(self.n_neurons) % 3]
        directions = groups + self.noise * rng.standard_normal((self.n_neurons, self.width))
        lengths = np.linalg.norm(directions, axis=1, keepdims=True)
        self._unit = (directions / lengths).astype(np.float16)

    @property
    def directions(self):
        """Unit directions."""
        return self._unit

    def readings(self, ids):
        """The list of each neuron."""
        self.asked += list(ids)
        return [self._reading(i) for i in ids]

    def _reading(self, i):
        group = [3 * (i % 3) + place for place in range(3)]
        token_ids = (*group, 9, 100 + i)
        strings = (*(WORDS[token] for token in group), " x", f" own{i}")
        return SmallReading(2.0, {"promotes": TokenChanges(token_ids, strings, (8.0, 6.0, 4.0, 1.0, 0.5))})

    def matching_tokens(self, text):
        """Whole words, whatever the case."""
        return SmallTerm(tuple(i for i, word in enumerate(WORDS) if word.strip().lower() == text.lower()))
