"""Planted pictures: the same in every prompt, and nothing but noise."""

from dataclasses import replace

import numpy as np
import pytest

from llm_tt.faithfulness.statistics import spearman
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.stability import _means_of_halves, stability
from tests.summaries.planted_runs import planted, random_contributions


def with_shares(shares):
    values = component_values(planted(np.ones((len(shares), 8))))
    parts = tuple(replace(values.components[0], name=f"L0H{n}", head=n) for n in range(shares.shape[1]))
    return replace(values, shares=shares, contributions=shares, ranks=shares, components=parts)


def test_the_same_in_every_prompt_is_sure():
    found = stability(with_shares(np.tile(np.arange(30.0), (10, 1))))
    assert found.correlation.mean == found.correlation.low == 1
    assert (found.top, found.same_top.mean, found.same_top.low) == (10, 10, 10)


def test_noise_is_not():
    found = stability(with_shares(np.random.default_rng(0).exponential(size=(60, 200))))
    assert abs(found.correlation.mean) < 0.15
    assert found.same_top.mean < 5  # by chance 2.5
    assert found.correlation.low < found.correlation.mean < found.correlation.high


def test_equal_shares_everywhere_are_the_same_picture():
    assert stability(with_shares(np.ones((8, 12)))).correlation.mean == 1


def test_halves_are_means_over_two_halves_that_share_no_prompt():
    shares = np.eye(9)  # so the means say which prompts were in them
    first, second = _means_of_halves(shares)
    for one, other in zip(first, second, strict=True):
        assert sorted(one[one > 0]) == pytest.approx([0.25] * 4)
        assert sorted(other[other > 0]) == pytest.approx([0.25] * 4)
        assert not ((one > 0) & (other > 0)).any()
    assert len({tuple(row > 0) for row in first}) > 50


def test_more_prompts_are_surer():
    few, many = (stability(component_values(planted(random_contributions(n)))) for n in (8, 120))
    assert many.correlation.mean > few.correlation.mean
    assert many.top == 4


def test_the_correlation_is_the_one_of_two_halves():
    shares = np.random.default_rng(4).exponential(size=(6, 5)) * np.arange(1, 6)
    first, second = _means_of_halves(shares)
    expected = np.mean([spearman(a, b) for a, b in zip(first, second, strict=True)])
    assert stability(with_shares(shares)).correlation.mean == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(3, 10), (10, 1)])
def test_too_little_to_say(shape):
    assert stability(with_shares(np.ones(shape))) is None
