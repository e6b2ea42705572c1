"""Sentences on how sure it is say what was found, also where that is nothing."""

from dataclasses import replace

import numpy as np

from llm_tt.faithfulness.statistics import Interval
from llm_tt.render.role_words import (
    agreement_sentences,
    difference_sentence,
    roles_sentence,
    stability_sentence,
)
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.group_difference import group_difference
from llm_tt.summaries.method_agreement import MethodAgreement
from llm_tt.summaries.report import summarize_runs
from llm_tt.summaries.stability import Stability
from tests.summaries.planted_runs import planted, random_contributions


def test_stability():
    found = Stability(Interval(0.95, 0.9, 0.99), 10, Interval(9.4, 8.0, 10.0))
    assert "hardly depends" in stability_sentence(found)
    assert "0.95 [0.90, 0.99]" in stability_sentence(found)
    assert "share 9.4 of the 10 strongest" in stability_sentence(found)
    shaky = stability_sentence(replace(found, correlation=Interval(0.4, 0.1, 0.7)))
    assert "picture depends on" in shaky
    assert "at least four" in stability_sentence(None)


def test_agreement():
    (line,) = agreement_sentences([MethodAgreement(("relp", "ifr"), 1200, Interval(0.3, 0.2, 0.4), 0.51)])
    assert line.startswith("relp and ifr: shares correlate by 0.30 [0.20, 0.40]")
    assert "1,200 prompts" in line
    assert "0.51 in their means" in line
    assert agreement_sentences([]) == []


def test_roles():
    attention = {"previous": np.tile([0.9, 0.1, 0.1, 0.1, 0.1, 0.1], (6, 1))}
    roles = summarize_runs(planted(random_contributions(6), attention=attention)).roles
    assert roles_sentence(roles, "relp") == "1 head has a role by evidence."
    assert "No role found" in roles_sentence((), "relp")
    assert "need a method with signs" in roles_sentence(roles, "ifr")


def test_difference():
    runs = planted(random_contributions(8), groups=["a", "b"] * 4)
    values = component_values(runs, group="a"), component_values(runs, group=None)
    found = group_difference(*values)
    told = sum(row.is_told for row in found.rows)
    assert difference_sentence(found).startswith(
        f"a (4 prompts) minus all prompts (8): {told} of 8 shares surely differ; by chance alone about 1"
    )
