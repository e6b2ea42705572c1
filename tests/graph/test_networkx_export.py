"""networkx gets every edge, under names that people can read, in values that files can hold."""

import json

import networkx as nx
import pytest

from llm_tt.errors import GraphError
from llm_tt.graph import networkx_export
from llm_tt.graph.building import build_graph
from tests.graph.plain_search import named_column, named_edges, target_name
from tests.graph.random_shares import SHAPES, by_hand, random_shares


@pytest.mark.parametrize("shape", SHAPES)
def test_every_edge_with_its_columns(shape):
    graph = build_graph(random_shares(*shape)).prune(threshold=0.02)
    exported = graph.to_networkx()
    assert sorted(exported.edges(keys=True)) == sorted(named_edges(graph))
    for column in ("weight", "survival", "layer"):
        values = named_column(graph, column)
        assert {edge: exported.edges[edge][column] for edge in exported.edges} == values
    assert nx.is_directed_acyclic_graph(exported)


def test_attributes_by_hand():
    exported = build_graph(by_hand()).prune(threshold=0.25).to_networkx()
    assert exported.graph == {"prompt": "ab", "method": "ifr", "target_position": 1}
    assert dict(exported.nodes(data=True)) == {
        "embed@0": {"layer": -1, "position": 0, "stage": "embed", "token": "a"},
        "embed@1": {"layer": -1, "position": 1, "stage": "embed", "token": "b"},
        "L0.mid@1": {"layer": 0, "position": 1, "stage": "mid", "token": "b"},
        "L0.post@1": {"layer": 0, "position": 1, "stage": "post", "token": "b"},
    }
    assert exported["embed@0"]["L0.mid@1"] == {
        "attention 0": {"kind": "attention", "head": 0, "layer": 0, "weight": 0.5, "survival": 0.4}
    }
    assert exported["embed@1"]["L0.mid@1"]["residual"] == {
        "kind": "residual",
        "layer": 0,
        "weight": 0.3,
        "survival": 0.3,
    }


def test_edges_between_the_same_nodes_stay_apart():
    exported = build_graph(random_shares(1, 2, 1, parallel=True)).to_networkx()
    assert set(exported["embed@0"]["L0.post@0"]) == {"attention 0", "attention 1", "residual", "mlp"}


def test_files_hold_it(tmp_path):
    graph = build_graph(random_shares(2, 2, 3)).prune(threshold=0.01)
    exported = graph.to_networkx()
    nx.write_graphml(exported, tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert sorted(read.edges(keys=True)) == sorted(exported.edges(keys=True))
    assert read.nodes[target_name(graph)] == exported.nodes[target_name(graph)]
    again = nx.node_link_graph(json.loads(json.dumps(nx.node_link_data(exported))))
    assert nx.utils.graphs_equal(again, exported)


def test_too_many_edges(monkeypatch):
    monkeypatch.setattr(networkx_export, "MOST_EDGES", 30)
    graph = build_graph(random_shares(2, 2, 5))
    with pytest.raises(GraphError, match=r"90 edges.*prune\(density=0.17\)"):
        graph.to_networkx()


def test_an_empty_graph():
    assert len(build_graph(by_hand()).prune(threshold=2.0).to_networkx()) == 0
