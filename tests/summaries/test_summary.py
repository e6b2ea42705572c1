"""Summaries against plain pandas."""

import numpy as np
import pytest

from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.runs import runs_of_table
from llm_tt.summaries.summary import places_of, summarize
from tests.summaries.planted_runs import PARTS, planted, planted_rows, random_contributions, table_of

GROUPS = ["a", "b"] * 10


@pytest.fixture(scope="module")
def rows():
    return planted_rows(random_contributions(20), groups=GROUPS)


@pytest.mark.parametrize("group", [None, "b"])
def test_means_signs_ranks_and_places_are_those_of_pandas(rows, group):
    runs, frame = runs_of_table(table_of(rows), "x"), table_of(rows).to_pandas()
    frame = frame if group is None else frame[frame["group"] == group]
    summary = summarize(component_values(runs, group=group))
    by_part = frame.groupby("component")
    assert summary.n_prompts == frame["entry"].nunique()
    assert summary.group == group
    order = by_part["share"].mean().sort_values(ascending=False).index
    assert [row.component.name for row in summary.rows] == list(order)
    assert [row.place for row in summary.rows] == list(range(1, len(PARTS) + 1))
    for row in summary.rows:
        own = by_part.get_group(row.component.name)
        assert row.share.mean == pytest.approx(own["share"].mean())
        assert row.contribution.mean == pytest.approx(own["contribution"].mean(), rel=1e-6)
        assert row.towards == pytest.approx((own["contribution"] > 0).mean())
        assert row.median_rank == own["rank"].median()
        assert row.listed == 1
        assert row.share.low <= row.share.mean <= row.share.high
        assert row.place_low <= row.place <= row.place_high


def test_places_are_counted_from_the_strongest():
    places = places_of(np.array([[0.1, 0.5, 0.3], [0.2, 0.2, 0.9]]))
    np.testing.assert_array_equal(places, [[3, 1, 2], [2, 3, 1]])


def test_places_are_sure_where_prompts_agree_and_unsure_where_they_do_not():
    same = summarize(component_values(planted(np.tile(np.arange(8, 0, -1.0), (12, 1)))))
    assert [(row.place_low, row.place_high) for row in same.rows] == [(n, n) for n in range(1, 9)]
    noise = np.random.default_rng(0).normal(size=(12, 8))
    unsure = summarize(component_values(planted(noise)))
    assert np.mean([row.place_high - row.place_low for row in unsure.rows]) > 3


def test_neurons_that_some_prompts_list():
    neurons = [{"L0N5": 2.0}, {"L0N5": -4.0, "L1N1": -1.0}, {}, {}]
    summary = summarize(component_values(planted(np.ones((4, 8)), neurons=neurons), asked="neurons"))
    first, second = summary.rows
    assert (first.component.name, first.listed, first.towards) == ("L0N5", 0.5, 0.5)
    assert first.contribution.mean == -0.5
    assert first.share.mean == pytest.approx((2 + 4) / 8 / 4)
    assert (second.component.name, second.listed, second.towards) == ("L1N1", 0.25, 0.0)
    assert summary.named("L1N1") == second
    assert summary.named("L9N1") is None


def test_what_adds_nothing_speaks_for_nothing():
    (row,) = summarize(
        component_values(planted(np.ones((2, 8)), neurons=[{"L0N5": 0.0}, {"L0N5": 1.0}]), asked="neurons")
    ).rows
    assert row.towards == 0.5


def test_no_components_is_an_empty_summary():
    summary = summarize(component_values(planted(np.ones((2, 8))), asked="neurons"))
    assert (summary.rows, summary.n_prompts) == ((), 2)


def test_json_is_flat(rows):
    found = summarize(component_values(runs_of_table(table_of(rows), "x"))).rows[0].to_json()
    assert {"name", "kind", "layer", "head", "place", "share", "towards"} <= found.keys()
    assert found["share"].keys() == {"mean", "low", "high"}
