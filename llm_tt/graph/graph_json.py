"""A graph as one JSON object: `graph_header`, then its nodes and edges as columns.

    nodes    name, layer, position, stage: those that have an edge, from the input up
    edges    source, target (places in `nodes`), kind, head (null where there is none), weight, survival

A number has the digits that its precision needs, so what is read back equals what was written.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from llm_tt.errors import GraphError
from llm_tt.graph.assembling import assembled, shortest
from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_header import fields_from, header_of
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.reading import entry, listed


def to_json(graph: FlowGraph) -> dict[str, Any]:
    """The graph as plain values."""
    nodes = graph.nodes()
    places = [graph.lattice.place_of(node) for node in nodes.tolist()]
    labels = np.array([kind.label for kind in EdgeKind])
    return {
        **header_of(graph),
        "nodes": {
            "name": [str(place) for place in places],
            "layer": [place.layer for place in places],
            "position": [place.position for place in places],
            "stage": [place.stage for place in places],
        },
        "edges": {
            "source": np.searchsorted(nodes, graph.source).tolist(),
            "target": np.searchsorted(nodes, graph.target).tolist(),
            "kind": labels[graph.kind].tolist(),
            "head": [None if head == NO_HEAD else head for head in graph.head.tolist()],
            "weight": shortest(graph.weight),
            "survival": shortest(graph.survival),
        },
    }


def from_json(content: object) -> FlowGraph:
    """The graph of such an object.

    Raises:
        ValueError: it is none, or damaged; in words for the person.
    """
    if not isinstance(content, Mapping):
        message = "It is no JSON object."
        raise ValueError(message)
    lattice: Lattice = fields_from(content)["lattice"]
    edges = entry(content, "edges", dict)
    nodes = np.array(
        [_node(lattice, name) for name in listed(entry(content, "nodes", dict), "name", str)], np.int64
    )
    ends = [np.array(listed(edges, name, int), np.int64) for name in ("source", "target")]
    if any(len(end) and (end.min() < 0 or end.max() >= len(nodes)) for end in ends):
        message = "An edge begins or ends at a node that is not listed."
        raise ValueError(message)
    return assembled(
        content,
        source=nodes[ends[0]],
        target=nodes[ends[1]],
        kinds=listed(edges, "kind", str),
        heads=[NO_HEAD if head is None else head for head in entry(edges, "head", list)],
        weight=listed(edges, "weight", float, int),
        survival=listed(edges, "survival", float, int),
    )


def _node(lattice: Lattice, name: str) -> int:
    try:
        return lattice.node_named(name)
    except GraphError as problem:
        raise ValueError(problem.found) from None
