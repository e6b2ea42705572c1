"""Positions by name or number, in the window of a run."""

import pytest

from llm_tt.errors import InterventionError, TargetError
from llm_tt.intervention.positions import check_inside, checked_positions, chosen, positions_in_words


@pytest.mark.parametrize(
    ("positions", "whole", "step"),
    [
        ("all", [0, 1, 2, 3, 4, 5], [0]),
        ("prompt", [0, 1, 2, 3], []),
        ("generated", [4, 5], [0]),
        ((1, 5, 9), [1, 5], [0]),
        ((0,), [0], []),
    ],
)
def test_which_positions_of_a_run_are_meant(positions, whole, step):
    assert chosen(positions, 0, 6, 4) == whole
    assert chosen(positions, 5, 6, 4) == step, "a step with the cache sees only its own position"


def test_a_window_that_begins_in_the_prompt():
    assert chosen("prompt", 2, 6, 4) == [0, 1]
    assert chosen("generated", 2, 6, 4) == [2, 3]


def test_numbers_are_kept_in_order_and_once():
    assert checked_positions((5, 3, 5)) == (3, 5)
    assert checked_positions("prompt") == "prompt"


@pytest.mark.parametrize(("positions", "found"), [((), "No position"), ((3, -1), "no position -1")])
def test_positions_that_mean_nothing_are_refused(positions, found):
    with pytest.raises(InterventionError, match=found):
        checked_positions(positions)


def test_positions_behind_the_prompt_are_refused():
    check_inside("Edit.", (0, 5), 6)
    with pytest.raises(TargetError, match="no position 6: the prompt has 6 tokens"):
        check_inside("Edit.", (0, 6), 6)


@pytest.mark.parametrize(
    ("positions", "words"),
    [("all", "at all positions"), ("generated", "in generated text"), ((3,), "at position 3")],
)
def test_words(positions, words):
    assert positions_in_words(positions) == words
    assert positions_in_words((3, 5)) == "at positions 3, 5"
