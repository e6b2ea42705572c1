"""Which edges are sent: nothing is missing above the floor, of one graph and of two."""

import numpy as np
import pytest

from llm_tt.render.flow_budget import choose_edges
from tests.graph.random_shares import random_shares, rounded, signed

CHANGES = [lambda shares: shares, rounded, signed]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("max_edges", [1, 9, 40])
def test_two_runs_have_all_edges_above_one_floor(change, max_edges):
    shares, other = (change(random_shares(3, 4, 7, seed=seed)) for seed in (0, 1))
    sent = choose_edges(shares, 6, other, max_edges, one_floor=True)
    assert sent.other is not None
    assert sent.floor == sent.other_floor > 0
    alone = [choose_edges(run, 6, None, max_edges, one_floor=True).floor for run in (shares, other)]
    assert sent.floor == max(alone)
    for graph, hidden in ((sent.graph, sent.hidden), (sent.other, sent.other_hidden)):
        missing = (graph.survival > 0) & ~sent.chosen
        assert np.all(graph.survival[missing] < sent.floor)
        assert hidden is not None
        assert hidden["edges"] >= np.count_nonzero(missing)  # the other run may have brought some of them


def test_two_methods_have_a_floor_each():
    shares, other = random_shares(3, 4, 7, seed=0), signed(random_shares(3, 4, 7, seed=1))
    sent = choose_edges(shares, 6, other, 20, one_floor=False)
    assert sent.floor != sent.other_floor
    assert sent.other_hidden is None


def test_where_all_may_go_nothing_is_hidden():
    sent = choose_edges(random_shares(2, 3, 4), 3, random_shares(2, 3, 4, seed=1), 10_000, one_floor=True)
    assert sent.every_target
    assert (sent.floor, sent.other_floor, sent.hidden, sent.other_hidden) == (0, 0, None, None)
