"""Agreement: the verb is that of the subject, whatever stands between."""

from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.world import the_world

PLURAL_VERBS = (" are", " were", " have")


def test_the_verb_agrees_with_the_subject():
    plurals = {plural for _, plural in the_world().countable}
    for asked in generate("agreement", 200, 1, "held_out"):
        assert (asked.answer in PLURAL_VERBS) == (asked.prompt.split()[2] in plurals)


def test_the_noun_before_the_verb_often_disagrees():
    plurals = {plural for _, plural in the_world().countable}
    prompts = generate("agreement", 200, 2, "held_out")
    disagreeing = sum(
        (asked.answer in PLURAL_VERBS) != (asked.prompt.split()[-1] in plurals) for asked in prompts
    )
    assert 0.35 < disagreeing / len(prompts) < 0.65
