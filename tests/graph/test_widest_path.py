"""Survival is what a search of the thinned graph finds, at every threshold at once."""

import numpy as np
import pytest
import torch

from llm_tt.graph.building import build_graph
from tests.graph.plain_search import named_column, named_edges, plain_search, target_name
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed

CHANGES = {
    "as they are": lambda shares: shares,
    "ties": rounded,
    "signed": signed,
    "signed ties": lambda shares: signed(rounded(shares)),
}


def telling_thresholds(weights: np.ndarray) -> list[float]:
    """Every distinct size, the next number above it, and one that is smaller than all."""
    sizes = np.unique(np.abs(weights[weights != 0]))
    just_above = np.nextafter(sizes, np.asarray(np.inf, sizes.dtype))
    return [1e-9, *sizes.tolist(), *just_above.tolist()]


def assert_survival_is_what_a_search_finds(shares, position, aggregate="threshold"):
    graph = build_graph(shares, position, aggregate=aggregate)
    names, target = named_edges(graph), target_name(graph)
    edges = dict(zip(names, graph.weight.tolist(), strict=True))
    for threshold in telling_thresholds(graph.weight):
        survives = (graph.survival >= threshold).tolist()
        kept = {name for name, survived in zip(names, survives, strict=True) if survived}
        assert kept == plain_search(edges, target, threshold), threshold


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_equal_to_a_plain_search(shape, change):
    n_seeds = 1 if shape[2] > 5 else 4
    for seed in range(n_seeds):
        assert_survival_is_what_a_search_finds(change(random_shares(*shape, seed=seed)), None)


@pytest.mark.parametrize("shape", SHAPES)
def test_equal_to_a_plain_search_for_every_target(shape):
    for position in range(shape[2]):
        assert_survival_is_what_a_search_finds(rounded(random_shares(*shape), 2), position)


@pytest.mark.parametrize("parallel", [False, True])
def test_equal_to_a_plain_search_of_flow_in_single_precision(parallel):
    shares = random_shares(2, 2, 4, parallel, dtype=torch.float32)
    assert_survival_is_what_a_search_finds(shares, None, "flow")


def test_by_hand():
    assert named_column(build_graph(by_hand()), "survival") == {
        ("embed@0", "L0.mid@0", "attention 0"): 0,  # position 0 cannot reach the target any more
        ("embed@0", "L0.mid@1", "attention 0"): 0.4,  # itself 0.5; at most 0.4 goes on from there
        ("embed@1", "L0.mid@1", "attention 0"): 0.1,
        ("embed@0", "L0.mid@0", "residual"): 0,
        ("embed@1", "L0.mid@1", "residual"): 0.3,
        ("L0.mid@0", "L0.post@0", "mlp"): 0,
        ("L0.mid@1", "L0.post@1", "mlp"): 0.4,
        ("L0.mid@0", "L0.post@0", "residual"): 0,
        ("L0.mid@1", "L0.post@1", "residual"): 0.2,
    }


def test_what_hangs_on_no_embedding_does_not_survive():
    shares = by_hand()
    shares.attention[0, 0, 1] = 0
    shares.attention_residual[0, 1] = 0
    graph = build_graph(shares)
    assert named_column(graph, "weight")["L0.mid@1", "L0.post@1", "mlp"] > 0
    assert (graph.survival == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_no_edge_survives_beyond_its_own_weight(shape):
    graph = build_graph(random_shares(*shape))
    assert (graph.survival <= np.abs(graph.weight)).all()
    assert (graph.survival >= 0).all()
