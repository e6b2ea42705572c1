"""All heads between two positions as one row: what a person clicks before asking which head it was."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Int8, Int16, Int32

from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.groups import group_by


@dataclass(frozen=True, slots=True, eq=False)
class EdgePairs:
    """One row for each two nodes and kind; a summary for reading, the graph's own edges stay apart."""

    source: Int32[np.ndarray, " pair"]
    target: Int32[np.ndarray, " pair"]
    kind: Int8[np.ndarray, " pair"]
    weight: Float[np.ndarray, " pair"]
    """Sum over the heads, with their signs."""
    survival: Float[np.ndarray, " pair"]
    """Of the head that survives longest."""
    n_heads: Int[np.ndarray, " pair"]
    """0 where the kind is not attention."""
    strongest_head: Int16[np.ndarray, " pair"]
    """The head with the largest |weight|, the lowest of equals; `NO_HEAD` where the kind is not attention."""


def edges_by_pair(graph: FlowGraph) -> EdgePairs:
    """Group a graph's edges by nodes and kind, ordered by target, source and kind."""
    n_nodes = graph.lattice.n_nodes
    groups = group_by((graph.target.astype(np.int64) * n_nodes + graph.source) * len(EdgeKind) + graph.kind)
    strongest = groups.strongest(graph.weight)
    return EdgePairs(
        source=graph.source[strongest],
        target=graph.target[strongest],
        kind=graph.kind[strongest],
        weight=groups.reduce(np.add, graph.weight),
        survival=groups.reduce(np.maximum, graph.survival),
        n_heads=np.where(graph.head[strongest] == NO_HEAD, 0, groups.sizes),
        strongest_head=graph.head[strongest],
    )
