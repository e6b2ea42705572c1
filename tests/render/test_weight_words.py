"""Weights as text, in the unit of their method."""

import pytest

import llm_tt
from llm_tt.render.weight_words import (
    decimals_for,
    unit_of,
    weight_column,
    weight_format,
    weight_heading,
    weight_text,
)


@pytest.mark.parametrize(
    ("weight", "unit", "text"),
    [
        (0.1234, None, "12.3 %"),
        (0.0, None, "0.0 %"),
        (0.42, "logits", "+0.420 logits"),
        (-0.42, "nats", "−0.420 nats"),
        (12.345, "nats", "+12.35 nats"),
        (0.000021, "logits", "+0.000021 logits"),
        (0.0, "logits", "0.00 logits"),
    ],
)
def test_as_text(weight, unit, text):
    assert weight_text(weight, unit) == text


@pytest.mark.parametrize(("largest", "decimals"), [(23.4, 2), (2.39, 2), (0.0278, 4), (1e-9, 6), (0.0, 2)])
def test_three_figures_of_the_largest(largest, decimals):
    assert decimals_for(largest) == decimals


def test_a_column_has_as_many_decimals_as_its_largest_weight_needs():
    assert weight_format({"nats": [0.5, -0.0278]}, "nats") == "%+.3f"
    assert weight_format({"nats": [0.02, -0.0278]}, "nats") == "%+.4f"
    assert weight_format({"logits": []}, "logits") == "%+.2f"
    assert weight_format({"share %": [12.3]}, None) == "%.1f"


def test_as_a_column():
    assert weight_column([0.25], None) == [25]
    assert weight_column([0.25], "nats") == [0.25]
    assert weight_heading(None) == "share %"
    assert weight_heading("nats") == "nats"


@pytest.mark.parametrize(
    ("options", "unit"),
    [
        ({"method": "ifr"}, None),
        ({"method": "dla"}, "logits"),
        ({"method": "dla", "metric": "logprob"}, "nats"),
        ({"method": "dla", "metric": "logprob", "contrast_token": 5}, "logits"),
    ],
)
def test_the_unit_follows_the_target(tiny_model, options, unit):
    trace = llm_tt.capture(tiny_model, "ab")
    assert unit_of(llm_tt.attribute(tiny_model, trace, **options)) == unit
