"""The browser cuts as the library does: the same survivals, to the last bit, and the same edges left."""

import numpy as np
import pytest
import torch

from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from tests.graph.random_shares import SHAPES, random_shares, rounded, signed
from tests.render.flow_view.conftest import make_payload

CHANGES = {
    "as they are": lambda shares: shares,
    "ties": rounded,
    "signed": signed,
    "signed ties": lambda shares: signed(rounded(shares)),
}


def shares_of(shape, change, seed=0):
    return CHANGES[change](random_shares(*shape, seed=seed, dtype=torch.float32))


def edges_of(source, target, kind, head) -> list[tuple[int, ...]]:
    """Each edge by what tells it apart."""
    return list(zip(*(np.asarray(column).tolist() for column in (source, target, kind, head)), strict=True))


def survivors(edges, survival) -> dict[tuple[int, ...], float]:
    return {edge: value for edge, value in zip(edges, survival, strict=True) if value > 0}


def survivors_of(graph: FlowGraph) -> dict[tuple[int, ...], float]:
    assert graph.survival.dtype == np.float32
    edges = edges_of(graph.source, graph.target, graph.kind, graph.head)
    return survivors(edges, graph.survival.tolist())


def telling_cuts(graph: FlowGraph) -> list[dict[str, float]]:
    """Thresholds at and just above every survival; numbers of edges and the halves between; masses."""
    values = np.unique(graph.survival[graph.survival > 0])
    just_above = np.nextafter(values, np.float32(np.inf))
    almost = values.astype(np.float64) * (1 + 1e-9)  # single precision cannot tell them apart
    thresholds = [0.0, 1e-9, *values.tolist(), *just_above.tolist(), *almost.tolist(), 2.0]
    n = graph.n_candidates
    densities = [min(1.0, half / (2 * n)) for half in range(1, 2 * min(n, 40) + 2)] + [0.3, 1.0]
    masses = [1e-9, *np.random.default_rng(0).uniform(0.01, 1, 25).tolist(), 0.999999, 1.0]
    return [
        {unit: value}
        for unit, some in (("threshold", thresholds), ("density", densities), ("mass", masses))
        for value in some
    ]


def threshold_of(graph: FlowGraph, cut: dict[str, float]) -> float:
    return cut["threshold"] if "threshold" in cut else graph.threshold_for(**cut)


def asked(cut: dict[str, float], position: int) -> dict:
    ((unit, value),) = cut.items()
    return {"ask": "cut", "position": position, "cut": {"unit": unit, "value": value}}


def assert_cuts_agree(graph: FlowGraph, read: dict, cuts, answers) -> None:
    edges = edges_of(read["source"], read["target"], read["kind"], read["head"])
    for cut, answer in zip(cuts, answers, strict=True):
        kept = graph.prune(**cut)
        assert answer["edges"] == kept.n_edges, cut
        assert {edges[e] for e in answer["kept"]} == set(survivors_of(kept)), cut
        assert answer["candidates"] == graph.n_candidates
        assert answer["density"] == kept.density
        assert answer["mass"] == pytest.approx(kept.mass, rel=1e-12)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_edge_survives_as_long_as_in_the_library(shape, change, ask_node):
    shares = shares_of(shape, change)
    read, *found = ask_node(
        make_payload(shares),
        {"ask": "graph"},
        *({"ask": "survival", "position": position} for position in range(shape[2])),
    )
    assert read["everyTarget"] != shares.is_signed
    edges = edges_of(read["source"], read["target"], read["kind"], read["head"])
    for position, survival in enumerate(found):
        if read["everyTarget"] or position == read["targetPosition"]:
            assert survivors(edges, survival) == survivors_of(build_graph(shares, position))


@pytest.mark.parametrize("position", [0, 2, 5])
def test_a_signed_target_inside_the_prompt(position, ask_node):
    shares = signed(random_shares(2, 3, 6, dtype=torch.float32), position)
    read, survival = ask_node(
        make_payload(shares), {"ask": "graph"}, {"ask": "survival", "position": position}
    )
    edges = edges_of(read["source"], read["target"], read["kind"], read["head"])
    assert survivors(edges, survival) == survivors_of(build_graph(shares))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_cut_leaves_what_it_leaves_in_the_library(shape, change, ask_node):
    shares = shares_of(shape, change)
    graph = build_graph(shares)
    cuts = telling_cuts(graph)
    read, *answers = ask_node(
        make_payload(shares), {"ask": "graph"}, *(asked(cut, graph.target_position) for cut in cuts)
    )
    assert_cuts_agree(graph, read, cuts, answers)


def test_masses_that_are_reached_exactly(ask_node):
    steps = random_shares(2, 3, 5, dtype=torch.float32)
    for part in (steps.attention, steps.attention_residual, steps.mlp, steps.mlp_residual):
        part.copy_((256 * part).ceil() / 256)  # so that every sum is exact, in whatever order
    graph = build_graph(steps)
    assert len(np.unique(graph.survival)) > 3
    strongest_first = np.argsort(-graph.survival)[: np.count_nonzero(graph.survival)]
    carried = np.cumsum(np.abs(graph.weight[strongest_first]), dtype=np.float64)
    cuts = [{"mass": float(sum_so_far / carried[-1])} for sum_so_far in np.unique(carried)]
    read, *answers = ask_node(
        make_payload(steps), {"ask": "graph"}, *(asked(cut, graph.target_position) for cut in cuts)
    )
    assert_cuts_agree(graph, read, cuts, answers)


def test_the_whole_mass_has_edges_too_small_to_change_the_sum(ask_node):
    shares = random_shares(2, 3, 5, dtype=torch.float32)
    shares.attention[0, 0] *= 1e-30
    graph = build_graph(shares)
    read, *answers = ask_node(make_payload(shares), {"ask": "graph"}, asked({"mass": 1.0}, 4))
    assert graph.prune(mass=1.0).survival.min() < 1e-30
    assert_cuts_agree(graph, read, [{"mass": 1.0}], answers)


@pytest.mark.parametrize("parallel", [False, True])
def test_cuts_of_another_target_from_the_same_bytes(parallel, ask_node):
    shares = shares_of((2, 3, 6, parallel), "ties")
    graphs = [build_graph(shares, position) for position in range(5)]
    cuts = [telling_cuts(graph) for graph in graphs]
    questions = [asked(cut, at) for at, some in enumerate(cuts) for cut in some]
    read, *answers = ask_node(make_payload(shares), {"ask": "graph"}, *questions)
    for graph, some in zip(graphs, cuts, strict=True):
        assert_cuts_agree(graph, read, some, [answers.pop(0) for _ in some])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("max_edges", [1, 7, 20])
def test_beyond_the_budget_cuts_above_the_floor_are_the_librarys(change, max_edges, ask_node):
    shares = shares_of((3, 4, 7), change)
    graph = build_graph(shares)
    payload = make_payload(shares, max_edges=max_edges)
    (read,) = ask_node(payload, {"ask": "graph"})
    assert read["floor"] > 0
    assert not read["everyTarget"]
    above = [cut for cut in telling_cuts(graph) if threshold_of(graph, cut) >= read["floor"]]
    assert len(above) > 5
    assert_cuts_agree(
        graph, read, above, ask_node(payload, *(asked(cut, graph.target_position) for cut in above))
    )


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("max_edges", [1, 7, 20])
def test_beyond_the_budget_what_is_missing_is_said(change, max_edges, ask_node):
    shares = shares_of((3, 4, 7), change)
    graph = build_graph(shares)
    read, *lowest = ask_node(
        make_payload(shares, max_edges=max_edges),
        {"ask": "graph"},
        *(asked(cut, graph.target_position) for cut in ({"threshold": 0.0}, {"density": 1.0}, {"mass": 1.0})),
    )
    n_alive = int(np.count_nonzero(graph.survival > 0))
    for answer in lowest:
        assert answer["threshold"] == read["floor"]
        assert answer["edges"] == read["edges"] == n_alive - read["hidden"]["edges"]
        assert 1 - answer["mass"] == pytest.approx(read["hidden"]["mass"], abs=1e-12)
    assert 0 < read["hidden"]["mass"] < 1
