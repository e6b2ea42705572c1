"""Which edges go to the browser: all of them while they are few, else those that survive longest."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Bool

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph

MAX_EDGES: Final = 60_000
"""A megabyte, and what a browser on a laptop redraws without a pause."""


@dataclass(frozen=True, slots=True, eq=False)
class SentEdges:
    """Which edges go to the browser."""

    graph: FlowGraph
    other: FlowGraph | None
    chosen: Bool[np.ndarray, " edge"]
    every_target: bool
    floor: float
    """Edges that survive less stay here; 0 when all are sent."""
    other_floor: float
    """The same for the other method's or run's edges."""
    hidden: dict[str, int | float] | None
    """Number and mass of the edges below the floor."""
    other_hidden: dict[str, int | float] | None
    """The same for another run's edges."""
    reaching_mass: float | None
    """Sum of |weight| of all edges that reach the target, where the browser cannot add it up."""


def choose_edges(
    shares: EdgeContributions,
    position: int,
    other: EdgeContributions | None,
    max_edges: int,
    *,
    one_floor: bool,
) -> SentEdges:
    """All edges while they are few, for every target; else those that survive longest, for this one.

    `one_floor` gives both graphs the same floor, so that one threshold can cut both.
    """
    if not shares.is_signed and (other is None or not other.is_signed):
        last = len(shares.prompt) - 1
        graph, second = _both(shares, other, last)
        chosen = graph.weight > 0
        if second is not None:
            chosen |= second.weight > 0
        if np.count_nonzero(chosen) <= max_edges:
            return SentEdges(graph, second, chosen, True, 0.0, 0.0, None, None, None)
    return longest_surviving(*_both(shares, other, position), max_edges, one_floor=one_floor)


def longest_surviving(
    graph: FlowGraph, second: FlowGraph | None, max_edges: int, *, one_floor: bool
) -> SentEdges:
    """Of one graph, or of two with the same edges, those that survive longest, for their target alone."""
    floor, other_floor = _floor(graph, max_edges), 0.0 if second is None else _floor(second, max_edges)
    if one_floor:
        floor = other_floor = max(floor, other_floor)
    chosen = (graph.survival > 0) & (graph.survival >= floor)
    if second is not None:
        chosen |= (second.survival > 0) & (second.survival >= other_floor)
    reaching = float(np.abs(graph.weight[graph.survival > 0]).sum(dtype=np.float64))
    other_hidden = _hidden(second, other_floor) if second is not None and one_floor else None
    return SentEdges(
        graph, second, chosen, False, floor, other_floor, _hidden(graph, floor), other_hidden, reaching
    )


def edges_of_graph(graph: FlowGraph, max_edges: int) -> SentEdges:
    """What there is of a graph, cut or whole, down to the floor that the budget sets."""
    floor = _floor(graph, max_edges)
    chosen = (graph.survival > 0) & (graph.survival >= floor)
    alive = np.abs(graph.weight[graph.survival > 0]).sum(dtype=np.float64)
    of_whole = float(alive) / graph.mass if graph.mass > 0 else 0.0
    return SentEdges(graph, None, chosen, False, floor, 0.0, _hidden(graph, floor), None, of_whole)


def _both(
    shares: EdgeContributions, other: EdgeContributions | None, position: int
) -> tuple[FlowGraph, FlowGraph | None]:
    second = None if other is None else build_graph(other, position)
    return build_graph(shares, position), second


def _floor(graph: FlowGraph, max_edges: int) -> float:
    """The lowest threshold at which no more than so many edges are left; 0 if all may go."""
    alive = graph.survival[graph.survival > 0]
    if len(alive) <= max_edges:
        return 0.0
    first_left_out = np.partition(alive, len(alive) - max_edges - 1)[len(alive) - max_edges - 1]
    kept = alive[alive > first_left_out]  # edges that tie stay or go together
    return float(kept.min()) if len(kept) else float(first_left_out)


def _hidden(graph: FlowGraph, floor: float) -> dict[str, int | float] | None:
    if floor <= 0:
        return None
    n_alive = int(np.count_nonzero(graph.survival > 0))
    kept = graph.prune(threshold=floor)
    return {"edges": n_alive - kept.n_edges, "mass": 1 - kept.mass}
