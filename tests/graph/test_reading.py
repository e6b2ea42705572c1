"""Values out of somebody's JSON have the right type, or the person is told."""

import pytest

from llm_tt.graph.reading import entry, listed, number_in, text_in


def test_what_is_right_is_handed_out():
    content = {"a": 1, "b": [1, 2], "c": "x", "d": True, "e": 2.5}
    assert entry(content, "a", int) == 1
    assert entry(content, "a", float, int) == 1
    assert entry(content, "d", bool) is True
    assert entry(content, "e", float, int) == 2.5
    assert listed(content, "b", int) == [1, 2]
    assert number_in(content, "a", 1, 1) == 1
    assert text_in(content, "c", ["x", "y"]) == "x"


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        (lambda: entry({}, "a", int), "'a' is not a whole number"),
        (lambda: entry({"a": True}, "a", int), "'a' is not a whole number"),
        (lambda: entry({"a": 1}, "a", bool), "'a' is not true or false"),
        (lambda: entry({"a": float("nan")}, "a", float), "'a' is not a number"),
        (lambda: entry({"a": float("inf")}, "a", float, int), "'a' is not a number"),
        (lambda: listed({"a": [1, True]}, "a", int), "each member is a whole number"),
        (lambda: listed({"a": {}}, "a", int), "'a' is not a list"),
        (lambda: number_in({"a": 5}, "a", 0, 4), "'a' is 5, not 0 to 4"),
        (lambda: number_in({"a": 5}, "a", 4, 4), r"'a' is 5, not 4\."),
        (lambda: text_in({"a": "z" * 99}, "a", ["x"]), "not one of x"),
    ],
)
def test_what_is_wrong_is_said(ask, found):
    with pytest.raises(ValueError, match=found):
        ask()
