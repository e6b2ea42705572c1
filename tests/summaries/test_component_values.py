"""Matrices of components, against pandas."""

import numpy as np
import pytest

from llm_tt.errors import RunsError
from llm_tt.summaries import component_values as module
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.runs import runs_of_table
from tests.summaries.planted_runs import PARTS, planted, planted_rows, random_contributions, table_of

GROUPS = ["a", "b", "a", "b", "b", None]


def test_the_same_as_a_pivot():
    rows = planted_rows(random_contributions(6), groups=GROUPS)
    runs = runs_of_table(table_of(rows), "x")
    frame = table_of(rows).to_pandas()
    for group, chosen in ((None, frame), ("b", frame[frame["group"] == "b"])):
        values = component_values(runs, group=group)
        for name, matrix in (
            ("share", values.shares),
            ("contribution", values.contributions),
            ("rank", values.ranks),
        ):
            expected = chosen.pivot(index="entry", columns="component", values=name)
            np.testing.assert_array_equal(values.entries, expected.index)
            np.testing.assert_allclose(matrix, expected[[part.name for part in values.components]])


def test_components_come_by_layer_with_what_they_are():
    components = component_values(planted(random_contributions(2))).components
    assert [part.name for part in components] == PARTS
    assert [(part.kind, part.layer, part.head) for part in components[3:5]] == [
        ("mlp", 0, None),
        ("head", 1, 0),
    ]


def test_what_a_prompt_does_not_list_is_nothing_there():
    neurons = [{"L0N5": 2.0, "L1N7": -1.0}, {"L0N5": 4.0}, {}]
    values = component_values(planted(random_contributions(3), neurons=neurons), asked="neurons")
    assert [(part.name, part.neuron) for part in values.components] == [("L0N5", 5), ("L1N7", 7)]
    np.testing.assert_array_equal(values.contributions, [[2, -1], [4, 0], [0, 0]])
    assert np.isnan(values.ranks[2]).all()
    assert len(values.entries) == 3


def test_of_many_neurons_those_with_the_largest_shares(monkeypatch):
    monkeypatch.setattr(module, "MOST_NEURONS", 2)
    neurons = [{"L0N1": 1.0, "L0N2": -9.0, "L0N3": 5.0}, {"L0N4": 0.5}]
    values = component_values(planted(random_contributions(2), neurons=neurons), asked="neurons")
    assert [part.name for part in values.components] == ["L0N2", "L0N3"]


def test_numbers_that_are_none_count_as_nothing():
    rows = planted_rows(random_contributions(2))
    rows[0]["share"], rows[1]["share"] = float("nan"), None
    values = component_values(runs_of_table(table_of(rows), "x"))
    assert values.shares[0, 0] == values.shares[0, 1] == 0
    assert np.isfinite(values.shares).all()


def test_a_prompt_that_is_there_twice_is_refused():
    rows = planted_rows(random_contributions(2))
    with pytest.raises(RunsError, match="lists a component twice"):
        component_values(runs_of_table(table_of([*rows, rows[0]]), "x"))


def test_a_group_that_a_method_did_not_see_is_refused():
    one = planted_rows(random_contributions(2), groups=["a", "b"])
    two = planted_rows(random_contributions(1), groups=["a"], method="dla")
    runs = runs_of_table(table_of(one + two), "x")
    with pytest.raises(RunsError, match="No prompt of the group 'b' was measured by dla"):
        component_values(runs, "dla", "b")
