"""A graph as the circuit JSON of EAP-IG, which the MIB benchmark evaluates.

    {"cfg": {...}, "nodes": {"a9.h6": {"in_graph"}}, "edges": {"a0.h1->a9.h6<q>": {"score", "in_graph"}}}

It names all nodes and all edges that the model could have, whatever the graph kept: `input`, heads `a0.h1`,
MLPs `m0` and `logits`. It knows no positions, so scores are links of components summed over positions, with
their sign. Edges that were cut score 0: for a ranking of all edges write the whole graph, for a circuit a
thinned one.

A head has three edges there from each writer. A graph has one, because what an edge weighs holds attention
constant. All three are given, for a runner patches what is not in the graph: a head without its query and key
would look where the corrupted prompt makes it look, and what it carries would mean little.

<v>, <k>  the link itself: what the state at a key is made of, which both read
<q>       what the state at the query is made of, in shares of the same weight

So the three are of one size, and a head ranks by what it carries; information flow routes as EAP-IG computes
them score the three alike, too. Scores of <q> and <k> say how much is carried, and not what a change of the
attention would do.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Bool

from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.position_sums import PositionSums, Sums, position_sums


def eap_json(graph: FlowGraph, *, d_model: int = 0) -> dict[str, Any]:
    """The file's content, as plain values.

    Args:
        graph: Cut or whole; without a route the circuit is empty.
        d_model: Width of the model. The tool makes room of that width for scores of single neurons, and this
            file has none, so it opens with 0, too.
    """
    lattice = graph.lattice
    sums = position_sums(graph)
    names = _writer_names(lattice)
    return {
        "cfg": {
            "n_layers": lattice.n_layers,
            "n_heads": lattice.n_heads,
            "parallel_attn_mlp": lattice.has_parallel_blocks,
            "d_model": d_model,
        },
        "nodes": {
            name: {"in_graph": bool(is_in)}
            for name, is_in in zip([*names, "logits"], [*_is_in_graph(sums), True], strict=True)
        },
        "edges": {name: edge for edges in _edges_by_layer(lattice, sums, names) for name, edge in edges},
    }


def _writer_names(lattice: Lattice) -> list[str]:
    """In the order in which writers are numbered."""
    layers = [
        name
        for layer in range(lattice.n_layers)
        for name in [*(f"a{layer}.h{head}" for head in range(lattice.n_heads)), f"m{layer}"]
    ]
    return ["input", *layers]


def _is_in_graph(sums: PositionSums) -> Bool[np.ndarray, " writer"]:
    """Nodes with edges on both sides, as the tool has it; the input has the output's in place of its own."""
    is_linked = sums.through_keys.is_linked | sums.through_queries.is_linked
    is_in: np.ndarray = is_linked.any(axis=0) & is_linked.any(axis=1)
    return is_in


_Edge = tuple[str, dict[str, float | bool]]


def _edges_by_layer(lattice: Lattice, sums: PositionSums, names: list[str]) -> Iterator[Iterator[_Edge]]:
    """All edges that there could be, layer by layer; those into the output last."""
    heads, keys = lattice.n_heads, sums.through_keys
    for layer in range(lattice.n_layers):
        first, mlp = 1 + layer * (heads + 1), (layer + 1) * (heads + 1)
        for route, read in {"<q>": sums.through_queries, "<k>": keys, "<v>": keys}.items():
            for reader in range(first, mlp):
                yield _edges_into(f"{names[reader]}{route}", names[:first], read, reader)
        before_mlp = first if lattice.has_parallel_blocks else mlp
        yield _edges_into(names[mlp], names[:before_mlp], keys, mlp)
    yield _edges_into("logits", names, keys, 0)


def _edges_into(name: str, writers: list[str], sums: Sums, reader: int) -> Iterator[_Edge]:
    columns = sums.weight[reader].tolist(), sums.is_linked[reader].tolist()
    # Writers that come after the reader have no name here, and no links.
    for writer, score, is_in in zip(writers, *columns, strict=False):
        yield f"{writer}->{name}", {"score": score, "in_graph": is_in}
