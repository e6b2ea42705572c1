"""The report holds what its parts say, of one group or of all, as plain values."""

import json

from llm_tt.summaries.report import summarize_runs
from tests.summaries.planted_runs import planted, random_contributions


def test_of_a_group_and_of_all():
    runs = planted(random_contributions(12), groups=["a", "b"] * 6, neurons=[{"L0N1": 1.0}] * 12)
    whole, one = summarize_runs(runs), summarize_runs(runs, group="a")
    assert (whole.parts.n_prompts, one.parts.n_prompts, one.parts.group) == (12, 6, "a")
    assert whole.neurons.rows[0].component.name == "L0N1"
    assert whole.stability is not None
    assert whole.parts.rows[0].share != one.parts.rows[0].share


def test_json_keeps_the_first_of_long_lists():
    found = summarize_runs(planted(random_contributions(6))).to_json(top=3)
    assert json.loads(json.dumps(found)) == found
    assert (found["runs"], found["method"], found["group"], found["n_prompts"]) == (
        "planted",
        "relp",
        None,
        6,
    )
    assert len(found["parts"]) == 3
    assert "0.4" in found["thresholds"]
