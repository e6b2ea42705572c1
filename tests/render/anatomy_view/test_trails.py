"""A selection lights what flows into it and what it flows into, and nothing else."""

import pytest

from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES


def reached(graph, start: int, near: str, far: str) -> set[int]:
    """All nodes that can be reached over edges from `near` to `far`; one step at a time."""
    found, before = {start}, set()
    while found != before:
        before = set(found)
        ends = zip(graph["edges"][near], graph["edges"][far], strict=True)
        found |= {b for a, b in ends if a in before}
    return found


@pytest.mark.parametrize("name", ["L2H1@13", "L2N@13", "L2.mid@13", "L1.heads.others@13"])
def test_a_node_lights_its_ancestors_and_all_that_follows(name, ask_node):
    payload = made_up_payload(SHAPES["three layers"])
    (graph,) = ask_node(payload, {"ask": "graph"})
    if name == "L2N@13":
        name = next(n for n in graph["nodes"]["name"] if n.startswith("L2N"))
    (answer,) = ask_node(payload, {"ask": "selected", "name": name})
    start = graph["nodes"]["name"].index(name)
    before, after = reached(graph, start, "target", "source"), reached(graph, start, "source", "target")
    assert answer["name"] == name
    assert set(answer["nodes"]) == {graph["nodes"]["name"][node] for node in before | after}
    ends = zip(graph["edges"]["source"], graph["edges"]["target"], strict=True)
    lit = {e for e, (a, b) in enumerate(ends) if {a, b} <= before or {a, b} <= after}
    assert set(answer["edges"]) == lit
    assert len(lit) < graph["nEdges"]


def test_a_residual_edge_is_a_part_of_its_own(ask_node):
    graph, answer = ask_node(
        made_up_payload(), {"ask": "graph"}, {"ask": "selected", "name": "L2.mid.residual@13"}
    )
    edge = graph["edges"]["part"].index("L2.mid.residual@13")
    assert answer["chosen"] == [edge]
    assert edge in answer["edges"]
    assert "L2.attention@13" not in answer["nodes"]
    assert {"L1.post@13", "L2.mid@13", "L2.mlp@13", "L2.post@13"} <= set(answer["nodes"])


def test_an_unknown_name_selects_nothing(ask_node):
    assert ask_node(made_up_payload(), {"ask": "selected", "name": "L9.post@13"}) == [
        {"name": None, "nodes": [], "edges": [], "chosen": []}
    ]
