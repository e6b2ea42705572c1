"""Facts: every one has phrasings for both splits."""

from random import Random

import pytest

from llm_tt.smallworld.prompts import MARK, SUBJECT_END
from llm_tt.smallworld.tasks.facts import HELD_OUT_PHRASINGS, Fact, phrasings_of
from llm_tt.smallworld.world import the_world


@pytest.mark.parametrize("relation", the_world().relations)
def test_every_fact_has_phrasings_of_its_own_that_training_never_uses(relation):
    for subject, _ in the_world().relations[relation]:
        held_out, trained = phrasings_of(relation, subject, True), phrasings_of(relation, subject, False)
        assert 1 <= len(held_out) <= HELD_OUT_PHRASINGS
        assert len(trained) >= 5
        assert not set(held_out) & set(trained)


def test_a_phrasing_is_held_out_for_some_subjects_only():
    subjects = [subject for subject, _ in the_world().relations["capital"]]
    for phrasing in phrasings_of("capital", "Japan", True):
        assert any(phrasing in phrasings_of("capital", subject, False) for subject in subjects)


def test_a_training_text_says_where_its_subject_ends():
    texts = [Fact("capital").write(Random(seed)) for seed in range(20)]
    for text in texts:
        before, _, after = text.partition(SUBJECT_END)
        assert any(before.endswith(country) for country, _ in the_world().relations["capital"])
        assert MARK in after
    assert SUBJECT_END not in Fact("capital").ask(Random(0), held_out=True).prompt
