"""Shares stand in tables as numbers out of 100, under a heading that says so."""

import math

from llm_tt.app.percent import in_percent, percent_bar, percent_number


def test_only_what_is_named_is_out_of_100_and_nothing_stays_nothing():
    columns = {"token": ["a", "b"], "prob.": [0.25, None], "logit": [1.0, 2.0]}
    shown = in_percent(columns, "prob.")
    assert shown == {"token": ["a", "b"], "prob.": [25.0, None], "logit": [1.0, 2.0]}
    assert columns["prob."] == [0.25, None]


def test_headings_say_per_cent_and_a_bar_ends_at_100():
    bar, number = percent_bar("prob. %", 80, "Of it."), percent_number("attention %", 80)
    assert bar["label"] == "prob. %"
    assert math.isclose(bar["type_config"]["max_value"], 100)
    assert bar["help"] == "Of it."
    assert number["type_config"]["format"] == "%.1f"
