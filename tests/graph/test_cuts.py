"""A cut keeps what it says, and equal edges stay or go together."""

import numpy as np
import pytest

from llm_tt.errors import GraphError
from llm_tt.graph.cuts import Cut, renormalized

SURVIVAL = np.array([0.5, 0.1, 0.4, 0.0, 0.4, 0.2])
WEIGHT = np.array([-0.5, 0.1, 0.8, 0.9, -0.4, 0.2])  # 2.0 in those that survive


@pytest.mark.parametrize(
    ("density", "threshold"),
    [
        (0.001, 0.5),  # never fewer than one
        (0.1, 0.5),  # of ten candidates
        (0.2, 0.4),
        (0.3, 0.4),
        (0.4, 0.2),
        (0.5, 0.1),
        (1.0, 0.1),  # no more than survive
    ],
)
def test_density_counts_candidates(density, threshold):
    assert Cut(density=density).as_threshold(SURVIVAL, WEIGHT, n_candidates=10) == threshold


@pytest.mark.parametrize(
    ("mass", "threshold"), [(1e-9, 0.5), (0.25, 0.5), (0.26, 0.4), (0.85, 0.4), (0.9, 0.2), (1.0, 0.1)]
)
def test_mass_counts_what_survives(mass, threshold):
    assert Cut(mass=mass).as_threshold(SURVIVAL, WEIGHT, n_candidates=10) == threshold


def test_the_whole_mass_keeps_edges_too_small_to_change_the_sum():
    survival = np.array([1.0, 1e-30])
    assert Cut(mass=1.0).as_threshold(survival, survival, n_candidates=2) == 1e-30


@pytest.mark.parametrize("cut", [Cut(density=0.5), Cut(mass=0.5)])
def test_where_nothing_survives(cut):
    assert cut.as_threshold(np.zeros(3), np.ones(3), n_candidates=3) == 0


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, "in 0 ways"),
        ({"threshold": 0.1, "mass": 0.5}, "in 2 ways: threshold, mass"),
        ({"threshold": 0.0, "density": 0.1, "mass": 0.5}, "in 3 ways"),
    ],
)
def test_said_in_no_way_or_in_two(given, found):
    with pytest.raises(GraphError, match=f"{found}.*exactly one"):
        Cut(**given)


@pytest.mark.parametrize("name", ["threshold", "density", "mass"])
@pytest.mark.parametrize("value", [-0.1, float("nan")])
def test_negative_or_no_number(name, value):
    with pytest.raises(GraphError, match=f"{name}={value}"):
        Cut(**{name: value})


@pytest.mark.parametrize("name", ["density", "mass"])
@pytest.mark.parametrize("value", [0.0, 1.01, float("inf")])
def test_shares_out_of_range(name, value):
    with pytest.raises(
        GraphError, match=f"A {name} is a share of the whole. Choose a number above 0, up to 1"
    ):
        Cut(**{name: value})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_renormalized_weights_into_a_node_add_up_to_one(dtype):
    weight = np.array([0.2, -0.6, 0.05, 0.0], dtype)
    target = np.array([3, 3, 1, 2], np.int32)
    shares = renormalized(weight, target)
    assert shares.dtype == dtype
    assert shares.tolist() == pytest.approx([0.25, -0.75, 1.0, 0.0])  # 0 of 0 stays 0


def test_renormalizing_nothing():
    assert len(renormalized(np.zeros(0), np.zeros(0, np.int32))) == 0
