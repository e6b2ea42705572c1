"""Edges between the same nodes, brought together without merging them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped

from llm_tt.graph.edges import WeightColumn


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A partition of edges into groups with equal labels, in ascending order of the labels."""

    order: Int[np.ndarray, " edge"]
    """The edges, those of one group next to each other and in their old order."""
    starts: Int[np.ndarray, " group"]
    """Where in `order` each group begins."""

    @property
    def sizes(self) -> Int[np.ndarray, " group"]:
        """How many edges each group has."""
        return np.diff(self.starts, append=len(self.order))

    def reduce(self, by: np.ufunc, column: Shaped[np.ndarray, " edge"]) -> Shaped[np.ndarray, " group"]:
        """One value a group: the sum with `np.add`, the largest with `np.maximum`."""
        if len(self.starts) == 0:
            return column[:0]
        reduced: np.ndarray = by.reduceat(column[self.order], self.starts)
        return reduced

    def strongest(self, weight: WeightColumn) -> Int[np.ndarray, " group"]:
        """The edge of each group with the largest |weight|; the first of equals."""
        strength = np.abs(weight)
        is_best = strength[self.order] == np.repeat(self.reduce(np.maximum, strength), self.sizes)
        places = np.flatnonzero(is_best)
        return self.order[places[np.searchsorted(places, self.starts)]]


def group_by(labels: Int[np.ndarray, " edge"]) -> Groups:
    """Bring edges with equal labels together."""
    order = np.argsort(labels, kind="stable")
    is_new = np.diff(labels[order], prepend=-1) != 0
    return Groups(order, np.flatnonzero(is_new))
