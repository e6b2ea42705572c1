"""Edges as a table: every number where it belongs, read back by other libraries."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import torch

import llm_tt
from llm_tt.graph.building import build_graph
from llm_tt.graph.graph_header import header_of
from llm_tt.model.prompt import Prompt
from llm_tt.render.edge_table import METADATA, as_csv, as_parquet, edge_table
from llm_tt.tracing.parts import Part
from tests.graph.random_shares import SHAPES, random_shares, signed


@pytest.mark.parametrize("shape", SHAPES)
def test_each_row_is_an_edge_strongest_first(shape):
    graph = build_graph(signed(random_shares(*shape, dtype=torch.float32)))
    table = edge_table(graph).to_pandas()
    assert len(table) == graph.n_edges
    assert (table["weight"].abs().diff().dropna() <= 0).all()
    edges = {
        (graph.lattice.name_of(s), graph.lattice.name_of(t), k, h): (w, v)
        for s, t, k, h, w, v in zip(
            *(
                c.tolist()
                for c in (graph.source, graph.target, graph.kind, graph.head, graph.weight, graph.survival)
            ),
            strict=True,
        )
    }
    kinds = ["attention", "residual", "mlp"]
    for row in table.itertuples():
        head = -1 if np.isnan(row.head) else int(row.head)
        weight, survival = edges.pop((row.source, row.target, kinds.index(row.kind), head))
        assert (row.weight, row.survival) == (weight, survival)
        part = Part.named(row.part)
        assert (part.layer, part.position) == (row.layer, row.query)
        assert part.kind == {"attention": "message", "mlp": "mlp", "residual": "residual"}[row.kind]
        assert (part.key if row.kind == "attention" else row.query) == row.key
        assert row.key_token == graph.prompt.token_strings[row.key]
        assert row.query_token == graph.prompt.token_strings[row.query]
        assert row.target.startswith(f"L{row.layer}.")
        if part.kind == "residual":
            assert f".{part.stage}@" in row.target
    assert not edges


def test_pandas_reads_the_csv_and_the_parquet_file(tiny_model):
    trace = llm_tt.capture(tiny_model, 'a "b",\n<c>')
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace, "relp")).prune(density=0.3)
    table = edge_table(graph).to_pandas()
    from_csv = pd.read_csv(io.BytesIO(as_csv(graph)), keep_default_na=False, na_values={"head": [""]})
    assert from_csv.columns.tolist() == table.columns.tolist()
    assert from_csv["key_token"].tolist() == table["key_token"].tolist()
    assert np.array_equal(from_csv["weight"].astype("f4"), table["weight"])
    assert np.array_equal(from_csv["head"], table["head"], equal_nan=True)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(as_parquet(graph))), table)


def test_a_parquet_file_says_what_it_is_of():
    graph = build_graph(random_shares(2, 2, 3))
    metadata = pyarrow.parquet.read_schema(io.BytesIO(as_parquet(graph))).metadata
    assert json.loads(metadata[METADATA]) == header_of(graph)


def test_tokens_that_are_no_text_and_graphs_without_edges():
    shares = random_shares(1, 1, 2)
    strange = build_graph(shares).keep(np.zeros(build_graph(shares).n_edges, bool))
    assert edge_table(strange).num_rows == 0
    object.__setattr__(shares, "prompt", Prompt("x", (0, 1), ("\ud83d", "b")))
    assert "\ufffd" in edge_table(build_graph(shares))["key_token"].to_pylist()
