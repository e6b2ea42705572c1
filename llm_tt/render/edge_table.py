"""A graph's edges as a table, strongest first: for spreadsheets, pandas, polars and DuckDB."""

import json
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_header import header_of
from llm_tt.tracing.parts import Part

METADATA: Final = b"llm_tt"
"""Key of a parquet file's own data that holds the graph's header (`graph_header`) as JSON."""


def edge_table(graph: FlowGraph) -> pa.Table:
    """Both ends and their tokens, what the edge is, its weight and its survival."""
    order = np.argsort(-np.abs(graph.weight), kind="stable")
    source, target = graph.source[order], graph.target[order]
    kinds = np.array([kind.label for kind in EdgeKind])[graph.kind[order]]
    heads = graph.head[order]
    key, query, layer = graph.key[order], graph.query[order], graph.layer[order]
    return pa.table(
        {
            "part": _part_names(graph)[order].tolist(),
            "kind": kinds.tolist(),
            "layer": layer.astype(np.int16),
            "head": pa.array(heads, mask=heads == NO_HEAD),
            "source": _node_names(graph, source),
            "target": _node_names(graph, target),
            "key": key.astype(np.int32),
            "query": query.astype(np.int32),
            "key_token": _tokens(graph, key),
            "query_token": _tokens(graph, query),
            "weight": graph.weight[order],
            "survival": graph.survival[order],
        }
    )


def as_csv(graph: FlowGraph) -> bytes:
    """The table as text."""
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(edge_table(graph), sink)
    return bytes(sink.getvalue())


def as_parquet(graph: FlowGraph) -> bytes:
    """The table in columns; the graph's header travels with it."""
    sink = pa.BufferOutputStream()
    table = edge_table(graph).replace_schema_metadata({METADATA: json.dumps(header_of(graph))})
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _part_names(graph: FlowGraph) -> np.ndarray:
    """`L2H1@1-13`, `L2.mlp@13`, `L2.mid.residual@4`: what pages and the command line call an edge."""
    columns = (graph.kind, graph.head, graph.layer, graph.key, graph.query, graph.target)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    stages = {node: graph.lattice.place_of(node).stage for node in np.unique(graph.target).tolist()}
    names = [
        str(_part_of(kind, head, layer, key, query, stages[target]))
        for kind, head, layer, key, query, target in rows
    ]
    return np.array(names, object)


def _part_of(kind: int, head: int, layer: int, key: int, query: int, stage: str) -> Part:  # noqa: PLR0913
    if kind == EdgeKind.ATTENTION:
        return Part("message", layer, query, key=key, head=head)
    if kind == EdgeKind.MLP:
        return Part("mlp", layer, query)
    return Part("residual", layer, query, stage="mid" if stage == "mid" else "post")


def _node_names(graph: FlowGraph, nodes: np.ndarray) -> pa.Array:
    known, places = np.unique(nodes, return_inverse=True)
    names = np.array([graph.lattice.name_of(node) for node in known.tolist()], object)
    return pa.array(names[places].tolist(), pa.string())


def _tokens(graph: FlowGraph, positions: np.ndarray) -> pa.Array:
    texts = [token.encode("utf-8", "replace").decode() for token in graph.prompt.token_strings]
    return pa.array(np.array(texts, object)[positions].tolist(), pa.string())
