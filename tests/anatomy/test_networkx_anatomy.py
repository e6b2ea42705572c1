"""What networkx gets: the same nodes and edges, and values that every format can hold."""

import json

import networkx as nx
import pytest

import llm_tt


@pytest.fixture(scope="module")
def graph(tiny_model):
    return llm_tt.anatomy.flow(tiny_model, llm_tt.capture(tiny_model, "Exports."), [0, 1])


def test_everything_is_there(graph):
    exported = graph.to_networkx()
    assert list(exported.nodes) == list(graph.names)
    assert exported.number_of_edges() == len(graph.edges.source)
    for source, target, weight in zip(
        *(graph.edges.source, graph.edges.target, graph.edges.contribution), strict=True
    ):
        edge = exported.edges[graph.names[source], graph.names[target]]
        assert edge["contribution"] == pytest.approx(float(weight))
    value = next(node for node in graph.nodes.what if node.kind == "value")
    assert exported.nodes[value.name]["token"] == graph.prompt.token_strings[value.key]
    assert "head" not in exported.nodes[f"L1.mlp@{graph.position}"]


def test_it_flows_one_way(graph):
    exported = graph.to_networkx()
    assert nx.is_directed_acyclic_graph(exported)
    assert nx.has_path(exported, graph.names[0], f"L1.post@{graph.position}")


def test_graphml_and_json_can_hold_it(graph, tmp_path):
    exported = graph.to_networkx()
    nx.write_graphml(exported, tmp_path / "anatomy.graphml")
    assert set(nx.read_graphml(tmp_path / "anatomy.graphml").nodes) == set(exported.nodes)
    json.dumps(nx.node_link_data(exported, edges="edges"), allow_nan=False)
