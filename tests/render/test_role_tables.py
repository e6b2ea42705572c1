"""Columns of tables: the numbers of the summaries, in per cent where they say so."""

import numpy as np
import pytest

from llm_tt.render.role_tables import (
    attention_columns,
    component_columns,
    difference_columns,
    edge_kind_columns,
    relation_words,
    role_columns,
)
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.group_difference import group_difference
from llm_tt.summaries.report import summarize_runs
from tests.summaries.planted_runs import planted, random_contributions


@pytest.fixture(scope="module")
def runs():
    return planted(
        random_contributions(10),
        groups=["a", "b"] * 5,
        attention={"previous": np.tile([0.9, 0.1, 0.1, 0.1, 0.1, 0.1], (10, 1))},
        neurons=[{"L0N3": 0.5}] * 5,
        edges=[[("L0H0", "previous", 1.0), ("L1H1", "other", -2.0)]] * 10,
    )


def test_components(runs):
    report = summarize_runs(runs)
    columns = component_columns(report.parts.rows, report.roles, {"L0H0": "mine"})
    assert columns["place"] == list(range(1, 9))
    assert columns["share %"] == [100 * row.share.mean for row in report.parts.rows]
    at = columns["part"].index("L0H0 mine")
    assert columns["role"][at] == "previous-token head"
    low, _, high = str(columns["share 95 %"][at]).split(" ")
    assert float(low) <= columns["share %"][at] <= float(high) + 0.05
    assert "in %" not in columns


def test_neurons_say_how_often_they_are_listed(runs):
    columns = component_columns(summarize_runs(runs).neurons.rows, are_neurons=True)
    assert columns["part"] == ["L0N3"]
    assert columns["in %"] == [50.0]
    assert "role" not in columns


def test_methods_without_signs_speak_for_nothing():
    report = summarize_runs(planted(np.abs(random_contributions(4)), method="ifr"))
    assert "for it %" not in component_columns(report.parts.rows)


def test_roles_attention_and_messages(runs):
    report = summarize_runs(runs)
    roles = role_columns(report.roles)
    assert roles["head"] == ["L0H0"]
    assert roles["attends to"] == ["the previous token"]
    assert roles["attention"] == [pytest.approx(0.9)]
    assert attention_columns(report.attention)["chance"] == [pytest.approx(0.1)] * 6
    messages = edge_kind_columns(report.edge_kinds)
    assert messages["head"] == ["L1H1", "L0H0"], "equally frequent: what brings more comes first"
    assert messages["reads"] == ["some other token", "the previous token"]
    assert messages["in graphs %"] == [100, 100]
    assert relation_words("after_same") == "what followed it earlier"


def test_differences_and_prompts(runs):
    found = group_difference(*(component_values(runs, group=group) for group in ("a", "b")))
    columns = difference_columns(found.rows)
    assert columns["share %"] == [100 * row.share.mean for row in found.rows]
    assert [word == "yes" for word in columns["sure"]] == [row.is_told for row in found.rows]
