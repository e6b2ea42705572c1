"""The compiled loops, each against the same in numpy."""

import numpy as np
import pytest

from llm_tt.concepts import selection, selection_kernel


@pytest.mark.parametrize("n_tokens", [1, 63, 64, 65, 1000])
def test_candidates_with_no_error_are_the_largest_and_the_smallest(n_tokens):
    products = np.random.default_rng(n_tokens).normal(size=(6, n_tokens)).astype(np.float32)
    rank = min(10, n_tokens)
    found, counts = np.empty((6, 2, 100), np.int32), np.empty((6, 2), np.int32)
    error = np.zeros(n_tokens, np.float32)
    selection_kernel.find_candidates_of_singles(products, error, np.float32(0), rank, found, counts)
    assert (counts == rank).all()
    for row in range(6):
        assert found[row, 0, :rank].tolist() == sorted(np.argsort(-products[row])[:rank].tolist())
        assert found[row, 1, :rank].tolist() == sorted(np.argsort(products[row])[:rank].tolist())


def test_whoever_may_be_among_them_is_a_candidate():
    """Every token's true product may lie anywhere within its error."""
    generator = np.random.default_rng(1)
    products = generator.normal(size=(5, 400)).astype(np.float32)
    error = generator.uniform(0, 0.4, size=400).astype(np.float32)
    found, counts = np.empty((5, 2, 400), np.int32), np.empty((5, 2), np.int32)
    selection_kernel.find_candidates_of_singles(products, error, np.float32(0), 10, found, counts)
    for row in range(5):
        chosen = set(found[row, 0, : counts[row, 0]].tolist())
        for token in range(400):
            others = np.delete(products[row] - error, token)
            may_be = products[row, token] + error[token] >= np.sort(others)[-10]
            assert (token in chosen) >= may_be
        assert len(chosen) < 200


def test_too_many_candidates_are_said():
    products, error = np.zeros((2, 300), np.float32), np.zeros(300, np.float32)
    found, counts = np.empty((2, 2, 20), np.int32), np.empty((2, 2), np.int32)
    selection_kernel.find_candidates_of_singles(products, error, np.float32(0), 10, found, counts)
    assert (counts == -1).all()


def test_products_of_halves_are_those_of_the_numbers_they_stand_for():
    generator = np.random.default_rng(0)
    halves = generator.normal(size=(40, 33)).astype(np.float16)
    halves[0], halves[1, :4] = 0, (6e-8, -6e-8, 65504, -3e-5)  # the smallest, the largest
    expected = halves.astype(np.float64) @ halves[1].astype(np.float64)
    np.testing.assert_allclose(selection.products_with(halves, halves[1]), expected, rtol=2e-6, atol=1e-4)
    small = generator.normal(size=(40, 33)).astype(np.float16) / np.float16(1000)
    expected = small.astype(np.float64) @ small[1].astype(np.float64)
    np.testing.assert_allclose(selection.products_with(small, small[1]), expected, rtol=1e-5, atol=1e-9)
