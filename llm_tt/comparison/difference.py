"""`GraphDifference`: what became of each edge between two runs, at a threshold of its own."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

import networkx as nx
import numpy as np
from jaxtyping import Bool, Float, Int8

from llm_tt.comparison.alignment import Alignment
from llm_tt.comparison.paired_graphs import PairedGraphs, pair_graphs
from llm_tt.errors import ComparisonError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.main_routes import usual_cut

NOTICEABLE_CHANGE: Final = 0.1
"""An edge that both runs keep is called changed when its weights differ by more than this share of the larger
one; no width on the screen could show less."""


class Became(IntEnum):
    """What became of an edge from the first run to the second; the numbers of flow_view/difference.js."""

    NEITHER = 0
    """Kept in none."""
    GAINED = 1
    """Kept only in the second."""
    LOST = 2
    """Kept only in the first."""
    STRONGER = 3
    """Kept in both, and noticeably larger by size in the second."""
    WEAKER = 4
    SAME = 5

    @property
    def label(self) -> str:
        """The word."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many edges became what; of those that at least one run keeps."""

    gained: int
    lost: int
    stronger: int
    weaker: int
    same: int

    @property
    def changed(self) -> int:
        """Kept in both, with a noticeable difference."""
        return self.stronger + self.weaker

    @property
    def overlap(self) -> float | None:
        """Which share of all edges kept at all is kept by both; None where none is."""
        both = self.changed + self.same
        whole = both + self.gained + self.lost
        return both / whole if whole else None


@dataclass(frozen=True, eq=False)
class GraphDifference:
    """Two graphs over common columns, edge for edge, both cut at one threshold."""

    pair: PairedGraphs
    threshold: float
    became: Int8[np.ndarray, " edge"]
    """A `Became` for each edge."""

    @property
    def alignment(self) -> Alignment:
        """Which positions share the columns."""
        return self.pair.alignment

    @property
    def first(self) -> FlowGraph:
        """The first run's graph: all edges, with its weights and survivals."""
        return self.pair.first

    @property
    def second(self) -> FlowGraph:
        """The second run's graph: the same edges."""
        return self.pair.second

    @property
    def change(self) -> Float[np.ndarray, " edge"]:
        """How much more each edge weighs in the second run, kept or not."""
        difference: Float[np.ndarray, " edge"] = self.second.weight.astype(np.float64) - self.first.weight
        return difference

    @property
    def is_drawn(self) -> Bool[np.ndarray, " edge"]:
        """Which edges at least one run keeps."""
        drawn: Bool[np.ndarray, " edge"] = self.became != Became.NEITHER
        return drawn

    @cached_property
    def counts(self) -> Counts:
        """How many edges became what."""
        numbers = np.bincount(self.became, minlength=len(Became)).tolist()
        return Counts(*numbers[Became.GAINED :])

    def to_networkx(self) -> nx.MultiDiGraph:
        """The edges that at least one run keeps, for networkx; see `networkx_difference`.

        Raises:
            GraphError: there are too many.
        """
        from llm_tt.comparison.networkx_difference import to_networkx  # it imports this module

        return to_networkx(self)


def compare_graphs(
    first: FlowGraph, second: FlowGraph, alignment: Alignment, *, threshold: float | None = None
) -> GraphDifference:
    """What became of each edge from the first graph to the second.

    Args:
        first: A whole graph, or one that was cut: then what was cut away counts as not there.
        second: Another one, of a model of the same sizes, explained in the same unit.
        alignment: Which positions belong together, the targets' among them.
        threshold: Edges of either that survive it are kept; by default the first one's main routes.

    Raises:
        ComparisonError: the graphs cannot be laid over each other, or their weights mean different things.
    """
    return difference_of(pair_graphs(first, second, alignment), threshold)


def difference_of(pair: PairedGraphs, threshold: float | None = None) -> GraphDifference:
    """The same of graphs that lie over each other already.

    Raises:
        ComparisonError: their weights mean different things.
    """
    if not pair.is_one_unit:
        raise ComparisonError(
            asked="Take the difference of two graphs.",
            found=f"Weights of {pair.first.method} and of {pair.second.method} are in different units here.",
            remedy="Explain both by methods of one unit, and both with a contrast or both without.",
        )
    if threshold is None:
        threshold = main_threshold(pair.first)
    kept = [(graph.survival >= threshold) & (graph.survival > 0) for graph in (pair.first, pair.second)]
    became = _became(kept[0], kept[1], pair.first.weight, pair.second.weight)
    became.setflags(write=False)
    return GraphDifference(pair, threshold, became)


def main_threshold(graph: FlowGraph) -> float:
    """Where a graph shows its main routes."""
    return graph.threshold_for(density=usual_cut(graph).density)


def _became(
    ours_kept: Bool[np.ndarray, " edge"],
    theirs_kept: Bool[np.ndarray, " edge"],
    ours: Float[np.ndarray, " edge"],
    theirs: Float[np.ndarray, " edge"],
) -> Int8[np.ndarray, " edge"]:
    sizes = np.abs(ours).astype(np.float64), np.abs(theirs).astype(np.float64)
    moved = np.abs(theirs.astype(np.float64) - ours) > NOTICEABLE_CHANGE * np.maximum(*sizes)
    in_both = np.where(moved, np.where(sizes[1] >= sizes[0], Became.STRONGER, Became.WEAKER), Became.SAME)
    alone = np.where(ours_kept, Became.LOST, np.where(theirs_kept, Became.GAINED, Became.NEITHER))
    found: Int8[np.ndarray, " edge"] = np.where(ours_kept & theirs_kept, in_both, alone).astype(np.int8)
    return found
