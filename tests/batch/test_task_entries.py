"""Entries of tasks: what they carry over, and where the subject is."""

import pytest

from llm_tt.batch.task_entries import SEED, entries_of_tasks, subject_of
from llm_tt.smallworld.generation import generate


def test_they_are_the_prompts_of_the_tasks_numbered_through():
    entries = entries_of_tasks(["capital", "greater_than"], 3)
    asked = [*generate("capital", 3, SEED, "held_out"), *generate("greater_than", 3, SEED, "held_out")]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    for entry, prompt in zip(entries, asked, strict=True):
        assert (entry.prompt, entry.answer, entry.foil) == (prompt.prompt, prompt.answer, prompt.contrast)
        assert (entry.corrupted, entry.group, entry.accepted) == (
            prompt.corrupted,
            prompt.task,
            prompt.accepted,
        )
        assert entry.subject is not None
        assert entry.subject in entry.prompt


@pytest.mark.parametrize(
    ("prompt", "corrupted", "answer", "subject"),
    [
        ("The capital of France is", "The capital of Peru is", " Paris", " France"),
        ("Alan Shearer plays for", "Steven Gerrard plays for", " Newcastle", "Alan Shearer"),
        ("2 + 1 = 3, 3 + 8 =", "2 + 1 = 3, 3 + 1 =", " 11", " 8"),
        ("Eva: toy, Max: map, Eva:", "Eva: map, Max: map, Eva:", " toy", None),  # that is the answer
        ("When Eva met Max, Eva saw", "When Eva met Max, Max saw", " Max", None),  # Eva was there before
        ("the same", "the same", " x", None),
    ],
)
def test_the_subject_is_what_differs_if_its_text_tells_where_it_is(prompt, corrupted, answer, subject):
    assert subject_of(prompt, corrupted, answer) == subject


def test_an_unknown_task_is_refused():
    with pytest.raises(ValueError, match="There is no task"):
        entries_of_tasks(["poetry"], 1)
