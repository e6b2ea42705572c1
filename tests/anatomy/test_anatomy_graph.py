"""Columns that nobody can change, and nodes found by their names."""

import pytest

import llm_tt
from llm_tt.errors import TargetError


@pytest.fixture(scope="module")
def graph(tiny_model):
    return llm_tt.anatomy.flow(tiny_model, llm_tt.capture(tiny_model, "Columns."), [0, 1])


def test_columns_have_one_entry_a_node_and_an_edge(graph):
    nodes, edges = graph.nodes, graph.edges
    for column in (nodes.count, nodes.vectors, nodes.contribution, nodes.promoted, nodes.rank, nodes.entropy):
        assert len(column) == len(nodes.what) == len(graph.names)
    for column in (edges.target, edges.kind, edges.contribution, edges.norm, edges.attention):
        assert len(column) == len(edges.source)
    assert edges.source.max() < len(nodes.what) > edges.target.max()


def test_columns_are_read_only(graph):
    with pytest.raises(ValueError, match="read-only"):
        graph.nodes.contribution[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        graph.edges.norm[0] = 1


def test_nodes_are_found_by_name(graph):
    for place, name in enumerate(graph.names):
        assert graph.place_of(name) == place
    with pytest.raises(TargetError, match="Take a name from"):
        graph.place_of("L9H9@0")


def test_into_names_what_enters(graph):
    assert graph.into(graph.names[0]) == ()
    at = graph.position
    assert set(graph.into(f"L0.post@{at}")) == {f"L0.mid@{at}", f"L0.mlp@{at}"}
