"""A graph's edges as a table, strongest first: for spreadsheets, pandas, polars and DuckDB."""

import json
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from jaxtyping import Int

from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_header import header_of
from llm_tt.render.portable_text import portable

METADATA: Final = b"llm_tt"
"""Key of a parquet file's own data that holds the graph's header (`graph_header`) as JSON."""


def edge_table(graph: FlowGraph) -> pa.Table:
    """Both ends and their tokens, what the edge is, its weight and its survival."""
    order = np.argsort(-np.abs(graph.weight), kind="stable")
    numbers = {"weight": pa.array(graph.weight[order]), "survival": pa.array(graph.survival[order])}
    return pa.table({**edge_columns(graph, order), **numbers})


def edge_columns(graph: FlowGraph, order: Int[np.ndarray, " some"]) -> dict[str, pa.Array]:
    """What some edges are, in that order: names, ends and tokens, without numbers."""
    source, target = graph.source[order], graph.target[order]
    heads, key, query = graph.head[order], graph.key[order], graph.query[order]
    kinds = pa.array([kind.label for kind in EdgeKind]).take(pa.array(graph.kind[order]))
    columns = {
        "kind": kinds,
        "layer": pa.array(graph.layer[order].astype(np.int16)),
        "head": pa.array(heads, mask=heads == NO_HEAD),
        "source": _node_names(graph, source),
        "target": _node_names(graph, target),
        "key": pa.array(key.astype(np.int32)),
        "query": pa.array(query.astype(np.int32)),
        "key_token": _tokens(graph, key),
        "query_token": _tokens(graph, query),
    }
    return {"part": _part_names(columns), **columns}


def as_csv(graph: FlowGraph) -> bytes:
    """The table as text."""
    return csv_of(edge_table(graph))


def csv_of(table: pa.Table) -> bytes:
    """Any table as text."""
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink)
    return bytes(sink.getvalue())


def as_parquet(graph: FlowGraph) -> bytes:
    """The table in columns; the graph's header travels with it."""
    sink = pa.BufferOutputStream()
    table = edge_table(graph).replace_schema_metadata({METADATA: json.dumps(header_of(graph))})
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _part_names(columns: Mapping[str, pa.Array]) -> pa.Array:
    """`L2H1@1-13`, `L2.mlp@13`, `L2.mid.residual@4`: what everybody calls an edge (`Part`)."""
    layer, head, key, query = (columns[name].cast(pa.string()) for name in ("layer", "head", "key", "query"))
    state = pc.extract_regex(columns["target"], r"^L\d+(?P<stage>\.\w+)@").field("stage")
    names = {
        "attention": _joined("L", layer, "H", head.fill_null(""), "@", key, "-", query),
        "mlp": _joined("L", layer, ".mlp@", query),
        "residual": _joined("L", layer, state, ".residual@", query),
    }
    is_attention, is_mlp = (pc.equal(columns["kind"], kind) for kind in ("attention", "mlp"))
    return pc.if_else(is_attention, names["attention"], pc.if_else(is_mlp, names["mlp"], names["residual"]))


def _joined(*pieces: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*pieces, "")


def _node_names(graph: FlowGraph, nodes: np.ndarray) -> pa.Array:
    known, places = np.unique(nodes, return_inverse=True)
    names = pa.array([graph.lattice.name_of(node) for node in known.tolist()], pa.string())
    return names.take(pa.array(places))


def _tokens(graph: FlowGraph, positions: np.ndarray) -> pa.Array:
    texts = [portable(token) for token in graph.prompt.token_strings]
    return pa.array(texts, pa.string()).take(pa.array(positions))
