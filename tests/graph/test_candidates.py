"""The columns hold every candidate edge once, in the promised order, with its own weight."""

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.candidates import edges_of_layer, gather_weights
from llm_tt.graph.lattice import Lattice
from tests.graph.plain_search import named_column, named_edges, plain_edges
from tests.graph.random_shares import SHAPES, by_hand, random_shares


@pytest.mark.parametrize("shape", SHAPES)
def test_all_candidates_with_their_weights_in_order(shape):
    shares = random_shares(*shape)
    for position in range(shape[2]):
        graph = build_graph(shares, position)
        expected = plain_edges(shares, position)
        assert named_edges(graph) == list(expected)
        assert graph.weight.tolist() == list(expected.values())
        assert (graph.source < graph.target).all()


@pytest.mark.parametrize(("parallel", "straight"), [(False, 3), (True, 2)])
def test_how_many_there_are(parallel, straight):
    graph = build_graph(random_shares(3, 4, 7, parallel), 4)
    assert graph.n_candidates == graph.n_edges == 3 * (4 * 5 * 6 // 2 + straight * 5)


def test_a_head_looking_at_its_own_position_is_not_the_residual():
    weights = named_column(build_graph(by_hand()), "weight")
    assert weights["embed@1", "L0.mid@1", "attention 0"] == 0.1
    assert weights["embed@1", "L0.mid@1", "residual"] == 0.3


def test_parts_are_views_of_the_column():
    shares = random_shares(1, 2, 3)
    edges = edges_of_layer(Lattice(1, 2, 3, has_parallel_blocks=False), 2)
    (column,) = gather_weights(shares, edges)
    parts = edges.parts_of(column)
    assert parts.attention.shape == (2, 6)
    assert parts.mlp.tolist() == shares.mlp[0].tolist()
    for value, part in enumerate(parts, start=1):
        part[:] = value
    assert np.bincount(column.astype(int)).tolist() == [0, 12, 3, 3, 3]


def test_the_pattern_is_kept_and_cannot_be_spoiled():
    lattice = Lattice(2, 2, 4, has_parallel_blocks=False)
    edges = edges_of_layer(lattice, 3)
    assert edges_of_layer(lattice, 3) is edges
    with pytest.raises(ValueError, match="read-only"):
        edges.source[0] = 1


def test_gathering_copies():
    shares = random_shares(1, 1, 2)
    before = shares.attention.clone()
    gather_weights(shares, edges_of_layer(Lattice(1, 1, 2, has_parallel_blocks=False), 1))[:] = 9
    assert shares.attention.equal(before)
