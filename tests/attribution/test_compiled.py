"""The compiled loop is the same as its own source run by Python."""

import numpy as np
import pytest

from llm_tt.attribution import compiled
from llm_tt.attribution.compiled import add_up


@pytest.mark.parametrize("block", [1, 3, 4, 16])
def test_blocks_of_any_size(block, monkeypatch):
    random = np.random.default_rng(0)
    n_positions, width = 10, 5
    whole = random.normal(size=(n_positions, width))
    vectors = random.normal(size=(2, n_positions, width))
    coefficient = np.tril(random.random((2, n_positions, n_positions)))
    slope = np.sign(whole) @ vectors.transpose(0, 2, 1)
    found, expected = np.zeros_like(coefficient), np.zeros_like(coefficient)
    add_up(whole, vectors, coefficient, slope, block, found)
    for name in ("_four", "_one"):
        monkeypatch.setattr(compiled, name, getattr(compiled, name).py_func)
    add_up.py_func(whole, vectors, coefficient, slope, block, expected)
    np.testing.assert_allclose(found, expected, atol=1e-14)
    assert (found > 0).any()


def test_no_number_is_passed_on():
    whole = np.array([[np.nan, 1.0]])
    result = np.zeros((1, 1, 1))
    add_up(whole, np.ones((1, 1, 2)), np.ones((1, 1, 1)), np.ones((1, 1, 1)), 16, result)
    assert np.isnan(result).all()
