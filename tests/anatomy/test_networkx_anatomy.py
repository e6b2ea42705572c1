"""What networkx gets: the same nodes and edges, and values that every format can hold."""

import json
import math

import networkx as nx
import pytest

import llm_tt


@pytest.fixture(scope="module")
def graph(tiny_model):
    trace = llm_tt.run_with_edits(tiny_model, "Exports.", [llm_tt.Ablate.mlp(1, baseline="zero")])
    return llm_tt.anatomy.flow(tiny_model, trace, [0, 1])


def check_numbers(found, columns, place, names):
    """A number that there is not is left out."""
    for name in names:
        number = float(getattr(columns, name)[place])
        assert name not in found if math.isnan(number) else found[name] == pytest.approx(number)


def test_everything_is_there(graph):
    exported = graph.to_networkx()
    assert list(exported.nodes) == list(graph.names)
    assert exported.number_of_edges() == len(graph.edges.source)
    for place, (source, target) in enumerate(zip(graph.edges.source, graph.edges.target, strict=True)):
        edge = exported.edges[graph.names[source], graph.names[target]]
        check_numbers(edge, graph.edges, place, ("contribution", "norm", "attention"))
    for place, name in enumerate(graph.names):
        node = exported.nodes[name]
        check_numbers(node, graph.nodes, place, ("contribution", "norm", "coefficient", "entropy"))
        assert node.get("target_rank", 0) == graph.nodes.rank[place]
        assert ("target_rank" in node) is bool(graph.nodes.rank[place])
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
