"""Binding: the answer stands behind its partner, among others of its kind."""

import pytest

from llm_tt.smallworld.generation import generate

BINDING = ("who_has_what", "who_is_where", "thing_place", "thing_colour")


@pytest.mark.parametrize("task", BINDING)
def test_answer_and_contrast_stand_in_statements_of_their_own(task):
    for asked in generate(task, 100, 1, "held_out"):
        *statements, _question = asked.prompt.split(". ")
        assert sum(statement.endswith(asked.answer) for statement in statements) == 1
        assert sum(statement.endswith(asked.contrast) for statement in statements) == 1


@pytest.mark.parametrize("task", BINDING)
def test_the_place_of_the_answer_says_nothing(task):
    places = set()
    for asked in generate(task, 100, 1, "held_out"):
        *statements, _question = asked.prompt.split(". ")
        places.add(next(i for i, statement in enumerate(statements) if statement.endswith(asked.answer)))
    assert places >= {0, 1, 2, 3}
