"""The bytes are read as they were packed, wherever in memory they lie."""

import pytest

from llm_tt.graph.building import build_graph
from tests.graph.random_shares import SHAPES, random_shares, signed
from tests.render.flow_view.conftest import make_payload

COLUMNS = ("weight", "source", "target", "head", "kind")


def sent_columns(graph) -> dict[str, list]:
    """What of a graph has a weight, in single precision."""
    chosen = graph.weight > 0
    columns = {name: getattr(graph, name)[chosen] for name in COLUMNS}
    return columns | {"weight": columns["weight"].astype("f4")}


@pytest.mark.parametrize("shift", range(4))
@pytest.mark.parametrize("shape", SHAPES)
def test_every_column_arrives(shape, shift, ask_node):
    shares = random_shares(*shape)
    (read,) = ask_node(make_payload(shares), {"ask": "graph", "shift": shift})
    for name, column in sent_columns(build_graph(shares)).items():
        assert read[name] == column.tolist(), name
    assert read["otherWeight"] is None
    assert read["nNodes"] == build_graph(shares).lattice.n_nodes


def test_the_weights_of_a_second_method_arrive_beside_the_first(ask_node):
    shares, other = random_shares(2, 3, 5, seed=1), signed(random_shares(2, 3, 5, seed=2))
    (read,) = ask_node(make_payload(shares, other=other), {"ask": "graph"})
    ours, theirs = build_graph(shares), build_graph(other)
    sent = (ours.survival > 0) | (theirs.survival > 0)
    assert read["weight"] == ours.weight[sent].astype("f4").tolist()
    assert read["otherWeight"] == theirs.weight[sent].astype("f4").tolist()
    assert min(read["otherWeight"]) < 0


@pytest.mark.parametrize("shape", SHAPES)
def test_candidates_are_counted_as_in_the_library(shape, ask_node):
    shares = random_shares(*shape)
    positions = range(shape[2])
    found = ask_node(make_payload(shares), *({"ask": "candidates", "position": at} for at in positions))
    assert found == [build_graph(shares, at).n_candidates for at in positions]


def test_other_bytes_are_refused(ask_node):
    (message,) = ask_node(b"", {"ask": "refusal", "text": "<!doctype html>"})
    assert message == "These are no bytes of a graph: <!do"
