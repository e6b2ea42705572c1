"""The prompts behind a number, against sorting by pandas."""

import numpy as np
import pytest

from llm_tt.errors import RunsError
from llm_tt.summaries.prompts_behind import prompts_behind
from llm_tt.summaries.runs import runs_of_table
from tests.summaries.planted_runs import planted, planted_rows, random_contributions, table_of

GROUPS = ["a", "b", "b"] * 10


@pytest.fixture(scope="module")
def rows():
    attention = np.random.default_rng(0).uniform(size=(30, 6))
    attention[7] = np.nan
    return planted_rows(random_contributions(30), groups=GROUPS, attention={"previous": attention})


@pytest.mark.parametrize(
    ("order", "column", "ascending"),
    [("strongest", "share", False), ("weakest", "share", True), ("against", "contribution", True)],
)
def test_orders(rows, order, column, ascending):
    runs, frame = runs_of_table(table_of(rows), "x"), table_of(rows).to_pandas()
    own = frame[(frame["component"] == "L1H0") & (frame["group"] == "b")]
    expected = own.sort_values(column, ascending=ascending).head(5)
    found = prompts_behind(runs, "L1H0", group="b", order=order, most=5)
    assert [one.entry for one in found] == list(expected["entry"])
    assert [one.share for one in found] == pytest.approx(list(expected["share"]))
    assert [one.rank for one in found] == list(expected["rank"])
    first = found[0]
    assert (first.prompt, first.group, first.position) == (f"prompt {first.entry}", "b", 8)
    assert (first.target, first.contrast, first.is_right) == (" yes", " no", (first.entry - 1) % 2 == 0)


def test_by_attention_where_a_relation_is_named(rows):
    runs, frame = runs_of_table(table_of(rows), "x"), table_of(rows).to_pandas()
    own = frame[frame["component"] == "L0H2"].sort_values("attends_previous", ascending=False)
    found = prompts_behind(runs, "L0H2", relation="previous", most=30)
    assert [one.entry for one in found][:29] == [entry for entry in own["entry"] if entry != 8]
    assert found[-1].attention is None, "it has no such pair of tokens, and comes last"
    assert prompts_behind(runs, "L0H2", most=1)[0].attention is None


def test_what_a_prompt_does_not_list_is_the_weakest():
    runs = planted(np.ones((3, 8)), neurons=[{"L0N1": 1.0}, {}, {"L0N1": -2.0}])
    found = prompts_behind(runs, "L0N1", order="weakest")
    assert [(one.entry, one.share, one.rank) for one in found] == [
        (2, 0.0, None),
        (1, 0.125, 1),
        (3, 0.25, 1),
    ]


def test_a_name_of_nothing_is_refused_and_one_of_another_group_is_not():
    runs = planted(np.ones((2, 8)), groups=["a", "b"], neurons=[{"L0N1": 1.0}, {}])
    with pytest.raises(RunsError, match="No prompt lists a component of that name"):
        prompts_behind(runs, "L7H7'; --")
    assert [one.share for one in prompts_behind(runs, "L0N1", group="b")] == [0.0]
