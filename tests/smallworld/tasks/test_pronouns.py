"""Pronouns: the gender is that of the person."""

from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.world import the_world


def test_the_pronoun_has_the_gender_of_the_person():
    women = {*the_world().female_names, *the_world().female_nouns}
    for asked in generate("pronouns", 200, 1, "held_out"):
        words = asked.prompt.split()
        person = words[1] if words[0] == "The" else words[0]
        assert (asked.answer in (" she", " her", " herself")) == (person in women)
