"""Differences of groups, against plain means and a loop."""

import numpy as np
import pytest

from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.group_difference import group_difference
from tests.summaries.planted_runs import planted, random_contributions


def difference(contributions, groups, **more):
    runs = planted(contributions, groups=groups, **more)
    asked = more.get("asked", "parts")
    return group_difference(*(component_values(runs, group=group, asked=asked) for group in ("a", "b")))


def test_means_and_intervals():
    contributions, groups = random_contributions(40), ["a"] * 15 + ["b"] * 25
    found = difference(contributions, groups)
    assert (found.groups, found.n_prompts) == (("a", "b"), (15, 25))
    shares = np.abs(contributions) / np.abs(contributions).sum(1, keepdims=True)
    sizes = [abs(row.share.mean) for row in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    generator = np.random.default_rng(9)
    for row in found.rows:
        place = row.component.layer * 4 + (3 if row.component.head is None else row.component.head)
        a, b = shares[:15, place], shares[15:, place]
        assert row.share.mean == pytest.approx(a.mean() - b.mean(), abs=1e-6)
        loop = [generator.choice(a, 15).mean() - generator.choice(b, 25).mean() for _ in range(2000)]
        low, high = np.percentile(loop, [2.5, 97.5])
        assert row.share.low == pytest.approx(low, abs=0.12 * (high - low))
        assert row.share.high == pytest.approx(high, abs=0.12 * (high - low))


def test_a_planted_difference_is_told_and_chance_rarely():
    contributions, groups = random_contributions(80), ["a", "b"] * 40
    told = [row for row in difference(contributions, groups).rows if row.is_told]
    assert len(told) <= 2
    contributions[::2, 5] += 9
    first = difference(contributions, groups).rows[0]
    assert (first.component.name, first.is_told) == ("L1H1", True)
    assert first.to_json()["is_told"] is True


def test_what_one_group_does_not_list_is_nothing_there():
    runs = planted(
        np.ones((4, 8)), groups=["a", "a", "b", "b"], neurons=[{"L0N3": 2.0}, {}, {"L1N1": -4.0}, {}]
    )
    found = group_difference(*(component_values(runs, group=group, asked="neurons") for group in ("a", "b")))
    means = {row.component.name: row.contribution.mean for row in found.rows}
    assert means == {"L0N3": 1.0, "L1N1": 2.0}
