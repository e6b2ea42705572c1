"""Two graphs are the same when every field is."""

from dataclasses import fields

import numpy as np

from llm_tt.graph.flow_graph import FlowGraph


def assert_same(graph: FlowGraph, other: FlowGraph) -> None:
    for field in fields(graph):
        one, two = getattr(graph, field.name), getattr(other, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == two.dtype, field.name
            assert np.array_equal(one, two), field.name
        else:
            assert one == two, field.name
