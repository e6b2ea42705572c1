"""Edges are brought together by label; nothing about them changes."""

import numpy as np
import pytest

from llm_tt.graph.groups import group_by

LABELS = np.array([5, 2, 5, 9, 2, 5])
VALUES = np.array([1.0, -4.0, -3.0, 0.0, 4.0, 3.0])


def test_by_hand():
    groups = group_by(LABELS)
    assert groups.order.tolist() == [1, 4, 0, 2, 5, 3]
    assert groups.starts.tolist() == [0, 2, 5]
    assert groups.sizes.tolist() == [2, 3, 1]
    assert groups.reduce(np.add, VALUES).tolist() == [0, 1, 0]
    assert groups.reduce(np.maximum, VALUES).tolist() == [4, 3, 0]
    assert groups.strongest(VALUES).tolist() == [1, 2, 3]  # the first of equals, whatever the sign


@pytest.mark.parametrize("seed", range(5))
def test_against_loops(seed):
    draw = np.random.default_rng(seed)
    labels, values = draw.integers(0, 6, 40), draw.integers(-3, 4, 40).astype(float)
    groups = group_by(labels)
    members = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    assert groups.sizes.tolist() == [len(edges) for edges in members]
    assert groups.reduce(np.add, values).tolist() == [values[edges].sum() for edges in members]
    strongest = [max(edges, key=lambda edge: (abs(values[edge]), -edge)) for edges in members]
    assert groups.strongest(values).tolist() == strongest


def test_no_edges():
    groups = group_by(np.zeros(0, int))
    assert (
        len(groups.sizes)
        == len(groups.reduce(np.add, np.zeros(0)))
        == len(groups.strongest(np.zeros(0)))
        == 0
    )
