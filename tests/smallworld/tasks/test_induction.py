"""Induction: what comes next stood behind the earlier occurrence."""

from llm_tt.smallworld.generation import generate


def test_the_answer_followed_the_last_word_before():
    for asked in generate("induction", 100, 1, "held_out"):
        words = asked.prompt.split()
        assert words.count(words[-1]) == 2
        assert words[words.index(words[-1]) + 1] == asked.answer.strip()


def test_repeats_begin_after_different_lengths():
    lengths = {
        words.index(words[0], 1)
        for words in (a.prompt.split() for a in generate("induction", 100, 2, "train"))
    }
    assert len(lengths) > 10
