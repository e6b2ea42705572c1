"""Every row is measured on a tiny model, and says whether its goal is reached."""

import pytest

import llm_tt
from llm_tt.benchmark.pass_rows import Case, pass_rows


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("untrained")


def test_rows_of_a_short_prompt(model):
    rows = list(pass_rows(model, (32,), turns=1))
    assert [row.work for row in rows] == [
        "capture",
        "ifr, exact, all rows",
        "ifr, l2",
        "relp, whole",
        "gradact, whole",
        "faithfulness curve, 12 densities",
        "anatomy of one layer",
        "anatomy of three layers",
    ]
    assert {row.n_tokens for row in rows} == {32}
    assert [row.goal for row in rows] == ["≤ 1.1 x", "", "", "", "", "≤ 15 x", "≤ 1500 ms", "≤ 4000 ms"]
    assert all(row.reached is None for row in rows if not row.goal)
    assert all(row.measured.endswith((" x", " ms")) for row in rows)


def test_what_a_person_waits_for_is_measured_at_128_tokens():
    rows = list(pass_rows(llm_tt.load_model("untrained-gpt2-small"), (128,), turns=1))
    waited = [row.work for row in rows if row.goal == "≤ 50 ms"]
    assert waited == [
        "graph and survival",
        "neurons of one MLP, ifr",
        "neurons of one MLP, relp",
        "tokens of a state",
        "tokens of a head",
        "tokens of a neuron",
    ]


def test_goals_are_reached_or_not(model):
    case = Case(model, 8, turns=1)
    assert case.ratio("the forward pass itself", case.forward, goal=50.0).reached
    assert not case.ratio("impossible", case.forward, goal=1e-9).reached
    assert case.waited("nothing", lambda: None, goal=0.050).reached
    assert case.memory("little", goal=50.0).reached
