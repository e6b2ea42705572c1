"""Thinning a graph: what stays, what is said about it, and what never changes."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch

from llm_tt.errors import GraphError
from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import EdgeKind
from tests.graph.plain_search import named_column, named_edges, plain_search, target_name
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed

COLUMNS = ("source", "target", "kind", "head", "weight", "survival")
THRESHOLDS = (0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 2.0)


def fingerprint(graph):
    return [getattr(graph, column).tolist() for column in COLUMNS]


@pytest.fixture(params=["sequential", "parallel", "signed", "ties"])
def graph(request):
    shares = random_shares(3, 4, 7, request.param == "parallel", seed=3)
    change = {"signed": signed, "ties": rounded}.get(request.param, lambda same: same)
    return build_graph(change(shares))


def test_a_threshold_keeps_what_a_search_finds(graph):
    edges = named_column(graph, "weight")
    for threshold in THRESHOLDS:
        pruned = graph.prune(threshold=threshold)
        expected = plain_search(edges, target_name(graph), threshold)
        assert set(named_edges(pruned)) == expected
        assert pruned.n_edges == len(expected)


def test_a_higher_threshold_keeps_fewer_and_only_of_the_same(graph):
    previous = set(named_edges(graph))
    for threshold in THRESHOLDS:
        kept = set(named_edges(graph.prune(threshold=threshold)))
        assert kept <= previous
        previous = kept
    assert not previous


def test_rows_stay_together(graph):
    pruned = graph.prune(threshold=0.05)
    for column in ("weight", "survival"):
        whole = named_column(graph, column)
        assert named_column(pruned, column) == {name: whole[name] for name in named_edges(pruned)}


def test_pruning_twice_is_pruning_once(graph):
    once = graph.prune(threshold=0.05)
    assert fingerprint(graph.prune(threshold=0.01).prune(threshold=0.05)) == fingerprint(once)
    half = graph.prune(density=0.5)
    assert fingerprint(half.prune(density=0.1)) == fingerprint(graph.prune(density=0.1))
    assert half.prune(density=0.1).density == graph.prune(density=0.1).density
    much = graph.prune(mass=0.9)
    assert fingerprint(much.prune(mass=0.4)) == fingerprint(graph.prune(mass=0.4))
    assert much.prune(mass=0.4).mass == pytest.approx(graph.prune(mass=0.4).mass)


@pytest.mark.parametrize("density", [1e-6, 0.02, 0.1, 0.3])
def test_density_keeps_the_strongest_and_whole_ties(graph, density):
    pruned = graph.prune(density=density)
    n_alive = int((graph.survival > 0).sum())
    n_wanted = min(max(1, round(density * graph.n_candidates)), n_alive)
    strongest_first = np.sort(graph.survival)[::-1]
    assert pruned.n_edges == (graph.survival >= strongest_first[n_wanted - 1]).sum()
    assert pruned.n_edges >= n_wanted
    assert (pruned.survival > pruned.survival.min()).sum() < n_wanted  # without the last tie: too few
    assert pruned.density == pruned.n_edges / graph.n_candidates


@pytest.mark.parametrize("mass", [1e-6, 0.3, 0.9, 0.999])
def test_mass_keeps_the_fewest_that_carry_it(graph, mass):
    pruned = graph.prune(mass=mass)
    whole = np.abs(graph.weight[graph.survival > 0]).sum()
    assert np.abs(pruned.weight).sum() >= mass * whole * (1 - 1e-12)
    without_the_last_tie = np.abs(pruned.weight[pruned.survival > pruned.survival.min()]).sum()
    assert without_the_last_tie < mass * whole
    assert pruned.mass == pytest.approx(np.abs(pruned.weight).sum() / whole)


@pytest.mark.parametrize("cut", [{"density": 1.0}, {"mass": 1.0}, {"threshold": 0.0}])
def test_keeping_everything_keeps_what_reaches_the_target(graph, cut):
    pruned = graph.prune(**cut)
    assert pruned.n_edges == (graph.survival > 0).sum()
    assert pruned.mass == 1


@pytest.mark.parametrize("cut", [{"density": 1e-6}, {"mass": 1e-6}])
def test_the_smallest_graph_is_still_a_route(graph, cut):
    pruned = graph.prune(**cut)
    edges = named_column(pruned, "weight")
    assert edges
    assert plain_search(edges, target_name(graph), 0) == set(edges)


@pytest.mark.parametrize("cut", [{"density": 0.05}, {"mass": 0.5}])
def test_threshold_for_cuts_alike(graph, cut):
    threshold = graph.threshold_for(**cut)
    assert fingerprint(graph.prune(threshold=threshold)) == fingerprint(graph.prune(**cut))


def test_single_precision_thresholds_cut_alike():
    graph = build_graph(random_shares(2, 3, 6, dtype=torch.float32))
    threshold = graph.threshold_for(density=0.1)
    assert graph.prune(threshold=np.float64(threshold)).n_edges == graph.prune(density=0.1).n_edges


def test_renormalizing_keeps_edges_signs_and_survival(graph):
    for threshold in THRESHOLDS:
        plain = graph.prune(threshold=threshold)
        shares = graph.prune(threshold=threshold, renormalize=True)
        assert fingerprint(shares)[:4] == fingerprint(plain)[:4]
        assert shares.survival.tolist() == plain.survival.tolist()
        assert np.sign(shares.weight).tolist() == np.sign(plain.weight).tolist()
        sums = np.bincount(shares.target, weights=np.abs(shares.weight), minlength=graph.lattice.n_nodes)
        assert sums[np.unique(shares.target)] == pytest.approx(1)
        assert shares.mass == plain.mass


def test_a_graph_of_which_nothing_is_left(graph):
    empty = graph.prune(threshold=2.0, renormalize=True)
    assert (empty.n_edges, empty.density, empty.mass) == (0, 0, 0)
    assert len(empty.nodes()) == 0
    for again in ({"density": 0.5}, {"mass": 0.5}, {"threshold": 0.0}):
        assert empty.prune(**again).n_edges == 0
    assert empty.threshold_for(density=0.5) == empty.threshold_for(mass=0.5) == 0


@pytest.mark.parametrize("cut", [{}, {"density": 0.5, "mass": 0.5}, {"threshold": -1.0}])
def test_cuts_that_make_no_sense(graph, cut):
    with pytest.raises(GraphError):
        graph.prune(**cut)


def test_keeping_chosen_edges(graph):
    chosen = graph.kind == EdgeKind.MLP
    kept = graph.keep(chosen)
    assert set(kept.kind.tolist()) == {EdgeKind.MLP}
    assert kept.n_edges == chosen.sum()
    assert kept.keep(np.zeros(kept.n_edges, bool)).mass == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_where_edges_are(shape):
    graph = build_graph(random_shares(*shape))
    place_of = graph.lattice.place_of
    assert graph.layer.tolist() == [place_of(int(node)).layer for node in graph.target]
    assert graph.query.tolist() == [place_of(int(node)).position for node in graph.target]
    assert graph.key.tolist() == [place_of(int(node)).position for node in graph.source]


def test_nodes_by_hand():
    graph = build_graph(by_hand()).prune(threshold=0.25)
    assert [graph.lattice.name_of(node) for node in graph.nodes().tolist()] == [
        "embed@0",
        "embed@1",
        "L0.mid@1",
        "L0.post@1",
    ]


@pytest.mark.parametrize("column", COLUMNS)
def test_columns_cannot_be_changed(graph, column):
    for one in (graph, graph.prune(threshold=0.01)):
        with pytest.raises(ValueError, match="read-only"):
            getattr(one, column)[0] = 1
        with pytest.raises(FrozenInstanceError):
            setattr(one, column, None)
