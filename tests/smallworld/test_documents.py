"""What training reads: every task, and never anything that is held out."""

import re
from functools import cache
from random import Random

import pytest

from llm_tt.smallworld.documents import SHARES, write_document
from llm_tt.smallworld.generation import task_names
from llm_tt.smallworld.held_out import is_held_out, is_pair_held_out
from llm_tt.smallworld.prompts import MARK
from llm_tt.smallworld.tasks import all_tasks
from llm_tt.smallworld.tasks.facts import phrasings_of
from llm_tt.smallworld.world import the_world

DOCUMENTS = 8_000


@pytest.mark.parametrize("task", task_names())
def test_every_task_is_written_in_training_with_something_marked(task):
    assert SHARES[task] > 0
    assert any(MARK in all_tasks()[task].write(Random(seed)) for seed in range(5))


@cache
def _training_texts(count: int) -> list[str]:
    rng = Random("a look at the training data")
    return [write_document(rng, 2).replace(MARK, "") for _ in range(count)]


def test_training_never_shows_a_held_out_phrasing_of_a_fact():
    texts = "\n".join(_training_texts(DOCUMENTS))
    for relation in (task for task in task_names() if task in the_world().relations):
        for subject, answer in the_world().relations[relation]:
            for phrasing in phrasings_of(relation, subject, held_out=True):
                shown = f"{phrasing.format(s=subject)} {answer}" in texts
                assert not shown, (phrasing, subject)


def test_training_never_shows_a_held_out_couple_at_the_indirect_object():
    names = "|".join(the_world().names)
    couple = re.compile(rf"(?:When|While|After|Then,|friends|One day) ({names}) and ({names}) ")
    found = [match for text in _training_texts(DOCUMENTS) for match in couple.findall(text)]
    assert len(found) > 500
    assert not any(is_pair_held_out("indirect_object", a, b) for a, b in found)


def test_training_never_shows_a_held_out_year_at_greater_than():
    begins = re.compile(
        r"(?:lasted from the year|went on from|began in|started in the year|Between) (\d\d)(\d\d) "
    )
    found = [pair for text in _training_texts(DOCUMENTS) for pair in begins.findall(text)]
    assert len(found) > 200
    assert not any(is_held_out("greater_than", int(century), int(year)) for century, year in found)


def test_a_marked_word_begins_with_its_space_or_continues_a_number():
    for text in (write_document(Random(seed), 3) for seed in range(200)):
        assert all(re.match(r" |\d\d", after) for after in text.split(MARK)[1:]), text


def test_documents_hold_only_what_is_asked_for():
    texts = [write_document(Random(seed), 3, {"sums": 1}) for seed in range(20)]
    assert all(" + " in text or "." in text for text in texts)
    assert not any("capital" in text for text in texts)
