"""Each method is called and described once, and has what computes it."""

from typing import get_args

from llm_tt.attribution.method_list import (
    DRAWING_ROUTES,
    METHOD_LABELS,
    METHODS,
    WITH_BASELINE,
    WITH_TARGET,
    WITHOUT_TARGET,
    Method,
)
from llm_tt.attribution.methods import RULES


def test_each_method_has_a_sentence_and_a_word_of_its_own():
    assert tuple(METHODS) == tuple(METHOD_LABELS) == get_args(Method)
    assert len(set(METHOD_LABELS.values())) == len(METHOD_LABELS)
    assert all(label.isalpha() for label in METHOD_LABELS.values())


def test_what_a_method_asks_for():
    assert {*WITH_TARGET, *WITHOUT_TARGET} == set(METHODS)
    assert set(WITH_BASELINE) <= set(WITH_TARGET)
    assert set(METHODS) - set(DRAWING_ROUTES) == {"dla"}


def test_every_method_is_computed_somehow():
    """By a backward pass with its rules, or by the two that need none."""
    assert set(METHODS) == {*RULES, "ifr", "dla"}
    assert set(RULES) <= set(WITH_BASELINE)
