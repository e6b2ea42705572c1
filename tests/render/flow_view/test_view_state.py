"""What is on the screen, computed from the graph, the target, the cut and what a person chose."""

import numpy as np
import pytest
import torch

from llm_tt.graph.building import build_graph
from tests.graph.random_shares import random_shares, signed
from tests.render.flow_view.conftest import make_payload

POINTS = [
    {"edges": 10, "retained": 0.2, "random": 0.0, "kl": 3.0, "sameTop": False},
    {"edges": 100, "retained": 0.6, "random": 0.1, "kl": 2.0, "sameTop": True},
    {"edges": 1000, "retained": 1.0, "random": 0.9, "kl": 0.0, "sameTop": True},
]


def make_shares(seed: int = 0):
    return random_shares(2, 3, 6, seed=seed, dtype=torch.float32)


def asked(value: float, unit: str = "density", position: int = 5, **options) -> dict:
    return {"ask": "cut", "position": position, "cut": {"unit": unit, "value": value}, **options}


@pytest.mark.parametrize("density", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("change", [lambda shares: shares, signed])
def test_renormalized_weights_are_the_librarys(change, density, ask_node):
    shares = change(make_shares())
    read, answer = ask_node(make_payload(shares), {"ask": "graph"}, asked(density, renormalized=True))
    kept = build_graph(shares).prune(density=density, renormalize=True)
    names = dict(
        zip(zip(kept.source, kept.target, kept.kind, kept.head, strict=True), kept.weight, strict=True)
    )
    assert len(answer["kept"]) == len(names)
    for e in answer["kept"]:
        name = tuple(read[column][e] for column in ("source", "target", "kind", "head"))
        assert answer["shown"][e] == pytest.approx(names[name], rel=2e-7)


def test_heads_between_the_same_nodes_are_drawn_as_one_pair(ask_node):
    shares = signed(make_shares())
    read, answer = ask_node(make_payload(shares), {"ask": "graph"}, asked(1.0))
    assert sorted(e for pair in answer["pairs"] for e in pair["edges"]) == sorted(answer["kept"])
    assert max(len(pair["edges"]) for pair in answer["pairs"]) == 3
    for pair in answer["pairs"]:
        ends = {tuple(read[column][e] for column in ("source", "target", "kind")) for e in pair["edges"]}
        assert ends == {(pair["source"], pair["target"], pair["kind"])}
        weights = [read["weight"][e] for e in pair["edges"]]
        assert pair["weight"] == pytest.approx(sum(weights))
        assert pair["strength"] == pytest.approx(sum(map(abs, weights)))


def test_only_positions_with_an_edge_are_reached(ask_node):
    shares = make_shares()
    for position, answer in zip(
        (2, 5), ask_node(make_payload(shares), asked(0.02, position=2), asked(0.02)), strict=True
    ):
        kept = build_graph(shares, position).prune(density=0.02)
        expected = np.zeros(6, int)
        expected[[*kept.key, *kept.query, position]] = 1
        assert 0 < expected.sum() < 6
        assert answer["reached"] == expected.tolist()


@pytest.mark.parametrize("density", [0.02, 0.2, 0.5])
def test_of_the_other_method_equally_many_edges_are_compared(density, ask_node):
    shares, other = make_shares(1), signed(make_shares(2))
    read, answer = ask_node(make_payload(shares, other=other), {"ask": "graph"}, asked(density))
    graph = build_graph(other)
    n_kept = build_graph(shares).prune(density=density).n_edges
    strongest = np.argsort(-graph.survival, kind="stable")[: min(n_kept, graph.prune(threshold=0.0).n_edges)]
    columns = ("source", "target", "kind", "head")
    theirs = set(zip(*(getattr(graph, name)[strongest].tolist() for name in columns), strict=True))
    edges = list(zip(*(read[name] for name in columns), strict=True))
    assert {edge for edge, marked in zip(edges, answer["inOther"], strict=True) if marked} == theirs
    common = theirs & {edges[e] for e in answer["kept"]}
    assert answer["agreement"] == pytest.approx(len(common) / n_kept)
    drawn = {edges[e] for pair in answer["otherPairs"] for e in pair["edges"]}
    assert drawn == theirs - common


def test_a_selection_goes_where_the_target_does_not_reach_it(ask_node):
    payload = make_payload(make_shares())
    questions = [asked(0.2, position=at, selected=name) for at in (2, 4) for name in ("L0.mlp@3", "L0H1@1-2")]
    found = [answer["selected"] for answer in ask_node(payload, *questions)]
    assert found == [None, "L0H1@1-2", "L0.mlp@3", "L0H1@1-2"]


def test_the_usual_cut_shows_some_edges_and_not_all(ask_node):
    shares = make_shares()
    (answer,) = ask_node(make_payload(shares), {"ask": "cut", "position": 5, "cut": None})
    assert answer["edges"] == 36
    small = random_shares(1, 1, 1, dtype=torch.float32)
    (answer,) = ask_node(make_payload(small), {"ask": "cut", "position": 0, "cut": None})
    assert answer["edges"] == build_graph(small).prune(threshold=0.0).n_edges


@pytest.mark.parametrize(
    ("edges", "retained", "same_top", "exact"),
    [
        (1, 0.2, False, False),  # below what was measured: the nearest point
        (10, 0.2, False, True),
        (20, 0.2 + 0.4 * np.log10(2), False, False),  # on a straight line over the logarithm
        (100, 0.6, True, True),
        (500, 0.6 + 0.4 * np.log10(5), True, False),
        (1000, 1.0, True, True),
        (5000, 1.0, True, False),
    ],
)
def test_the_meter_stands_between_the_measured_points(edges, retained, same_top, exact, ask_node):
    question = {"ask": "faithfulness", "curve": {"points": POINTS}, "edges": edges}
    (found,) = ask_node(b"", question)
    assert found["retained"] == pytest.approx(retained)
    assert (found["sameTop"], found["exact"]) == (same_top, exact)


@pytest.mark.parametrize(
    ("curve", "edges"),
    [
        (None, 5),
        ({"points": []}, 5),
        ({"points": POINTS}, 0),
        ({"points": [{**POINTS[0], "retained": None}]}, 5),
    ],
)
def test_without_points_or_edges_nothing_is_said(curve, edges, ask_node):
    assert ask_node(b"", {"ask": "faithfulness", "curve": curve, "edges": edges}) == [None]
