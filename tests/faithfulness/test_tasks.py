"""A task of the small world, summed up over its prompts."""

import pytest

from llm_tt.errors import AttributionError
from llm_tt.faithfulness.tasks import compare_on_task, questions_of


def test_the_short_name_of_a_task():
    assert questions_of("ioi", 3) == questions_of("indirect_object", 3)
    assert len(questions_of("capital", 5)) == 5


def test_means_and_intervals(small_world):
    seen = []
    report = compare_on_task(
        small_world, "capital", ("relp",), n_prompts=3, with_truth=False, report=seen.append
    )
    assert len(seen) == report.n_prompts == 3
    assert [row.ranking for row in report.summaries] == ["relp", "random"]
    relp, random = report.summaries
    assert relp.retained_area.mean > random.retained_area.mean
    assert relp.distance_area.low <= relp.distance_area.mean <= relp.distance_area.high
    assert relp.spearman is None


def test_an_unknown_task_is_said(small_world):
    with pytest.raises(AttributionError, match="The tasks are ioi, indirect_object"):
        compare_on_task(small_world, "poetry", ("relp",), n_prompts=1)
