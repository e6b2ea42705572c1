"""Columns of a file become a graph only where they fit together."""

import numpy as np
import pytest

from llm_tt.graph.assembling import assembled, shortest
from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.graph_header import header_of
from tests.graph.random_shares import random_shares
from tests.graph.same_graph import assert_same

GRAPH = build_graph(random_shares(2, 2, 3))


def columns() -> dict:
    return {
        "source": GRAPH.source.copy(),
        "target": GRAPH.target.copy(),
        "kinds": [EdgeKind(kind).label for kind in GRAPH.kind],
        "heads": GRAPH.head.tolist(),
        "weight": GRAPH.weight.tolist(),
        "survival": GRAPH.survival.tolist(),
    }


def test_a_graphs_own_columns_make_it_again():
    assert_same(assembled(header_of(GRAPH), **columns()), GRAPH)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("weight", float("nan"), "'weight' has numbers that cannot be"),
        ("weight", float("inf"), "'weight' has numbers that cannot be"),
        ("survival", -0.5, "'survival' has numbers that cannot be"),
        ("kinds", "magic", "kind 'magic'"),
        ("heads", "1", "no number of a head"),
        ("heads", True, "no number of a head"),
        ("heads", 10**9, "no number of a head"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name, value, found):
    changed = columns()
    changed[name][0] = value
    with pytest.raises(ValueError, match=found):
        assembled(header_of(GRAPH), **changed)


@pytest.mark.parametrize("name", list(columns()))
def test_columns_of_different_lengths_are_refused(name):
    changed = columns()
    changed[name] = changed[name][:-1]
    with pytest.raises(ValueError, match="different lengths"):
        assembled(header_of(GRAPH), **changed)


def test_edges_behind_the_target_and_more_than_there_can_be_are_refused():
    header = header_of(GRAPH)
    for change in ({"target_position": 1}, {"candidates": GRAPH.n_edges - 1}):
        with pytest.raises(ValueError, match="no such target"):
            assembled(header | change, **columns())


def test_another_precision_is_refused():
    with pytest.raises(ValueError, match="float16"):
        assembled(header_of(GRAPH) | {"number": "float16"}, **columns())


def test_digits_are_as_few_as_the_precision_needs():
    column = np.array([0.1, 1e-30, 3, -2.5e7], np.float32)
    assert shortest(column) == [0.1, 1e-30, 3.0, -2.5e7]
    assert np.array_equal(np.array(shortest(column), np.float32), column)


@pytest.mark.filterwarnings("error")
def test_a_number_too_large_for_its_precision_is_refused_without_a_warning():
    header = header_of(GRAPH) | {"number": "float32"}
    with pytest.raises(ValueError, match="'weight' has numbers that cannot be"):
        assembled(header, **columns() | {"weight": [1e39] * GRAPH.n_edges})
