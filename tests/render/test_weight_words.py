"""Weights as text, in the unit of their method."""

import pytest

import llm_tt
from llm_tt.render.weight_words import unit_of, weight_column, weight_heading, weight_text


@pytest.mark.parametrize(
    ("weight", "unit", "text"),
    [
        (0.1234, None, "12.3 %"),
        (0.0, None, "0.0 %"),
        (0.42, "logits", "+0.420 logits"),
        (-0.42, "nats", "−0.420 nats"),
    ],
)
def test_as_text(weight, unit, text):
    assert weight_text(weight, unit) == text


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
