"""The difference as networkx has it: what is drawn, with the numbers of both sides."""

import pytest

from llm_tt.comparison import networkx_difference
from llm_tt.comparison.alignment import align
from llm_tt.comparison.difference import compare_graphs
from llm_tt.errors import GraphError
from tests.comparison.two_sides import graph_over, plain_difference

SIDES = graph_over("abcd", 0), graph_over("xabcd", 1)
ALIGNMENT = align("abcd", "xabcd")


def test_edges_and_nodes():
    exported = compare_graphs(*SIDES, ALIGNMENT, threshold=0.1).to_networkx()
    told = {
        (source, target, key): data["became"]
        for source, target, key, data in exported.edges(keys=True, data=True)
    }
    assert told == plain_difference(*SIDES, ALIGNMENT, 0.1)
    assert exported.nodes["L1.post@4"] == {
        "layer": 1,
        "position": 4,
        "stage": "post",
        "token": "d",
        "first_position": 3,
        "second_position": 4,
    }
    lonely = [data for _, data in exported.nodes(data=True) if data["position"] == 0]
    assert lonely
    assert all("first_position" not in data and data["second_position"] == 0 for data in lonely)
    for _, _, data in exported.edges(data=True):
        assert ("head" in data) == (data["kind"] == "attention")
        assert (data["first_survival"] >= 0.1) == (data["became"] != "gained")


def test_too_many(monkeypatch):
    monkeypatch.setattr(networkx_difference, "MOST_EDGES", 3)
    with pytest.raises(GraphError, match="larger threshold"):
        compare_graphs(*SIDES, ALIGNMENT, threshold=0.0).to_networkx()
