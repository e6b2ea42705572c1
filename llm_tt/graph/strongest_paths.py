"""The strongest routes through a graph, found in order, without listing the others.

1. Of the edges between the same two nodes only the strongest is followed; otherwise the first ten routes
   would be one route, ten times, with another head or with residual for MLP.
2. One sweep up gives for each node the strongest way from any embedding to it.
3. A best-first search runs down from the target. What is still to come is known exactly from 2, so only the
   beginnings of routes that belong to the result are ever taken up.

Strength is the product of |weight|; sums of logarithms stand for it, because deep models' products underflow.
"""

import math
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from jaxtyping import Float, Int

from llm_tt.errors import GraphError
from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.flow_path import FlowPath, PathEdge
from llm_tt.graph.groups import group_by

_DIGITS = 9
"""Strengths that agree to so many digits are equal: rounding must not decide what is searched first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """The strongest edge between each two nodes, ordered by the node it enters."""

    edge: Int[np.ndarray, " step"]
    source: Int[np.ndarray, " step"]
    strength: Float[np.ndarray, " step"]
    """Logarithm of |weight|."""
    into: Int[np.ndarray, " node_plus_one"]
    """Those that enter node n are `into[n]` to `into[n + 1]`."""


def strongest_paths(graph: FlowGraph, top: int = 10) -> tuple[FlowPath, ...]:
    """Routes from embeddings to the target, the largest product of |weight| first; fewer if there are fewer.

    Raises:
        GraphError: fewer than one was asked for.
    """
    if top < 1:
        raise GraphError(
            asked=f"List the strongest {top} routes.",
            found="That is no number of routes.",
            remedy="Choose 1 or more.",
        )
    steps = _steps_of(graph)
    best = _strongest_ways_up(graph, steps)
    found = [_as_path(graph, trail) for trail in _search(graph, steps, best, top)]
    return tuple(sorted(found, key=lambda path: (-_strength_of(path), path.nodes)))


def _steps_of(graph: FlowGraph) -> _Steps:
    usable = np.flatnonzero((graph.survival > 0) & (graph.weight != 0))
    source, target, weight = graph.source[usable], graph.target[usable], graph.weight[usable]
    n_nodes = graph.lattice.n_nodes
    strongest = group_by(target.astype(np.int64) * n_nodes + source).strongest(weight)
    return _Steps(
        edge=usable[strongest],
        source=source[strongest],
        strength=np.log(np.abs(weight[strongest], dtype=np.float64)),
        into=np.searchsorted(target[strongest], np.arange(n_nodes + 1)),
    )


def _strongest_ways_up(graph: FlowGraph, steps: _Steps) -> Float[np.ndarray, " node"]:
    """Strongest way from any embedding to each node; -inf where there is none."""
    lattice = graph.lattice
    best = np.full(lattice.n_nodes, -np.inf)
    best[: lattice.n_positions] = 0
    target = graph.target[steps.edge]
    for row in range(1, lattice.n_rows):
        first, last = steps.into[lattice.node_at(row, 0)], steps.into[lattice.node_at(row + 1, 0)]
        chosen = slice(first, last)
        np.maximum.at(best, target[chosen], best[steps.source[chosen]] + steps.strength[chosen])
    return best


def _search(
    graph: FlowGraph, steps: _Steps, best: Float[np.ndarray, " node"], top: int
) -> list[tuple[int, ...]]:
    """Edges of the routes found, from the target down."""
    found: list[tuple[int, ...]] = []
    # Each beginning: its route's strength at best, negated; its lowest node; its edges; its strength so far.
    # Of equals the one that has come down furthest is taken up first, so that ties cannot pile up.
    beginnings: list[tuple[float, int, tuple[int, ...], float]] = [(0.0, graph.target_node, (), 0.0)]
    while beginnings and len(found) < top:
        _, node, trail, so_far = heappop(beginnings)
        if node < graph.lattice.n_positions:
            found.append(trail)
            continue
        for step in range(steps.into[node], steps.into[node + 1]):
            source = int(steps.source[step])
            strength = so_far + float(steps.strength[step])
            if np.isfinite(best[source]):
                at_best = -round(strength + float(best[source]), _DIGITS)
                heappush(beginnings, (at_best, source, (*trail, int(steps.edge[step])), strength))
    return found


def _strength_of(path: FlowPath) -> float:
    return round(math.fsum(math.log(abs(edge.weight)) for edge in path.edges), _DIGITS)


def _as_path(graph: FlowGraph, trail: tuple[int, ...]) -> FlowPath:
    edges = trail[::-1]
    return FlowPath(
        nodes=(int(graph.source[edges[0]]), *(int(graph.target[edge]) for edge in edges)),
        edges=tuple(
            PathEdge(
                kind=EdgeKind(int(graph.kind[edge])),
                head=None if graph.head[edge] == NO_HEAD else int(graph.head[edge]),
                weight=float(graph.weight[edge]),
            )
            for edge in edges
        ),
    )
