"""Ranks, areas and intervals, by hand."""

import numpy as np
import pytest

from llm_tt.faithfulness.statistics import area_of_distance, area_of_retained, bootstrap, spearman


def test_ranks_agree_disagree_and_tie():
    a = np.array([1.0, 2.0, 3.0, 10.0])
    assert spearman(a, a**3) == pytest.approx(1)
    assert spearman(a, -a) == pytest.approx(-1)
    assert spearman(a, np.ones(4)) == 0
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    assert spearman(a, np.array([0.0, 5.0, 5.0, 7.0])) == pytest.approx(0.9486833)


def test_areas_are_means_over_the_logarithm():
    densities = (0.01, 0.1, 1.0)
    assert area_of_retained(densities, (0.0, 0.5, 1.0)) == pytest.approx(0.5)
    assert area_of_retained(densities, (0.0, 1.0, 1.0)) == pytest.approx(0.75)
    assert area_of_distance(densities, (0.0, 1.5, 1.0)) == pytest.approx(0.5)


def test_intervals_hold_the_mean_and_narrow_with_more_prompts():
    few, many = bootstrap([0.0, 1.0] * 4), bootstrap([0.0, 1.0] * 100)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert bootstrap([0.0, 1.0] * 4) == few
    assert str(bootstrap([0.25])) == "0.25 [0.25, 0.25]"
