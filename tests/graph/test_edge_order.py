"""Edges from outside come into the order of `candidates`, or are refused."""

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.edge_order import candidate_order
from llm_tt.graph.edges import EdgeKind
from tests.graph.random_shares import SHAPES, random_shares


def columns_of(graph):
    return [graph.source, graph.target, graph.kind, graph.head]


@pytest.mark.parametrize("shape", SHAPES)
def test_shuffled_edges_find_their_places(shape):
    graph = build_graph(random_shares(*shape))
    shuffled = np.random.default_rng(1).permutation(graph.n_edges)
    order = candidate_order(graph.lattice, *(column[shuffled] for column in columns_of(graph)))
    assert np.array_equal(shuffled[order], np.arange(graph.n_edges))


def test_no_edges_are_in_order():
    graph = build_graph(random_shares(2, 3, 4))
    assert len(candidate_order(graph.lattice, *(column[:0] for column in columns_of(graph)))) == 0


@pytest.mark.parametrize("shape", [(2, 3, 4, False), (2, 2, 5, True)])
def test_whatever_cannot_be_is_refused(shape):
    graph = build_graph(random_shares(*shape))
    lattice = graph.lattice
    is_edge = set(zip(*(column.tolist() for column in columns_of(graph)), strict=True))
    random = np.random.default_rng(2)
    n_refused = 0
    for _ in range(3000):
        edge = (
            int(random.integers(lattice.n_nodes)),
            int(random.integers(lattice.n_positions, lattice.n_nodes)),
            int(random.choice([kind.value for kind in EdgeKind])),
            int(random.integers(-1, lattice.n_heads + 1)),
        )
        columns = [np.array([number]) for number in edge]
        types = (np.int64, np.int64, np.int8, np.int16)
        columns = [column.astype(kind) for column, kind in zip(columns, types, strict=True)]
        if edge in is_edge:
            assert candidate_order(lattice, *columns).tolist() == [0]
        else:
            n_refused += 1
            with pytest.raises(ValueError, match="cannot be"):
                candidate_order(lattice, *columns)
    assert n_refused < 3000  # both happened


def test_an_edge_that_is_there_twice_is_refused():
    graph = build_graph(random_shares(2, 3, 4))
    twice = [np.concatenate([column, column[5:6]]) for column in columns_of(graph)]
    with pytest.raises(ValueError, match="twice"):
        candidate_order(graph.lattice, *twice)


@pytest.mark.parametrize(("end", "node"), [(0, -1), (0, 10**9), (1, 2), (1, 10**9)])
def test_ends_that_are_no_states_are_refused(end, node):
    graph = build_graph(random_shares(2, 3, 4))
    columns = [column.copy() for column in columns_of(graph)]
    columns[end] = columns[end].astype(np.int64)
    columns[end][3] = node
    with pytest.raises(ValueError, match="no state"):
        candidate_order(graph.lattice, *columns)
