"""The product of matrices, against drawing prompts one by one."""

import numpy as np
import pytest

from llm_tt.faithfulness.statistics import bootstrap
from llm_tt.summaries import resampling
from llm_tt.summaries.resampling import (
    DRAWS,
    drawn_weights,
    intervals,
    means_of_draws,
    share_with_interval,
)


def test_each_draw_is_a_mean_over_prompts_drawn_again():
    values = np.random.default_rng(1).normal(size=(7, 3))
    drawn = means_of_draws(values, 50)
    times = np.concatenate(list(drawn_weights(7, 50))) * 7
    for row, counts in zip(drawn, times, strict=True):
        assert counts.sum() == pytest.approx(7)
        again = [values[prompt] for prompt in range(7) for _ in range(round(counts[prompt]))]
        np.testing.assert_allclose(row, np.mean(again, axis=0))


def test_draws_do_not_depend_on_how_many_are_held_at_once(monkeypatch):
    values = np.random.default_rng(1).normal(size=(7, 3))
    whole = means_of_draws(values, 50)
    monkeypatch.setattr(resampling, "_AT_ONCE", 30)
    np.testing.assert_allclose(means_of_draws(values, 50), whole)


def test_intervals_are_those_of_a_loop():
    """Another generator draws other prompts: the ends agree as far as so many draws can tell."""
    values = np.random.default_rng(2).exponential(size=(40, 4))
    for column, found in enumerate(intervals(values)):
        loop = bootstrap(values[:, column].tolist())
        assert found.mean == pytest.approx(loop.mean)
        width = loop.high - loop.low
        assert abs(found.low - loop.low) < 0.1 * width
        assert abs(found.high - loop.high) < 0.1 * width


def test_intervals_hold_the_truth_as_often_as_they_say():
    generator = np.random.default_rng(3)
    found = [intervals(generator.normal(5, 2, size=(60, 1)), 200)[0] for _ in range(300)]
    held = np.mean([one.low <= 5 <= one.high for one in found])
    assert 0.9 <= held <= 0.98


@pytest.mark.parametrize(
    ("n_true", "n", "low", "high"),
    [(5, 5, 0.5655, 1.0), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662)],  # the last: Newcombe's example
)
def test_shares_of_prompts_have_wilsons_interval(n_true, n, low, high):
    found = share_with_interval(n_true, n)
    assert found.mean == n_true / n
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


def test_many_draws_are_made():
    assert len(means_of_draws(np.ones((2, 1)))) == DRAWS
