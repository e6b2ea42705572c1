"""Plain sentences."""

from random import Random

from llm_tt.smallworld.plain import write_plain


def test_every_sentence_is_whole():
    for seed in range(300):
        text = write_plain(Random(seed))
        assert text.endswith(".")
        assert "{" not in text
        assert text[0].isupper()
        assert " a a" not in text
