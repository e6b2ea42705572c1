"""The facts files."""

from llm_tt.smallworld.world import the_world


def test_there_is_enough_to_speak_of():
    world = the_world()
    assert len(world.names) >= 40
    assert len(world.relations["continent"]) >= 55
    assert len(world.relations["club"]) >= 12


def test_no_fact_has_two_answers():
    for relation, pairs in the_world().relations.items():
        assert len(dict(pairs)) == len(pairs), relation


def test_every_answer_is_one_word_and_nothing_is_empty():
    for pairs in the_world().relations.values():
        assert all(subject and answer.isalpha() for subject, answer in pairs)


def test_words_of_a_list_are_different():
    world = the_world()
    for words in (world.names, world.objects, world.places, world.containers, world.paints):
        assert len(set(words)) == len(words)


def test_things_with_a_indefinite_article_begin_with_a_consonant():
    assert not [thing for thing in the_world().objects if thing[0] in "aeiou"]
