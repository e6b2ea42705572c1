"""Few-shot facts: the examples are true."""

from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.world import the_world


def test_examples_and_answer_belong_to_one_relation():
    for asked in generate("few_shot", 100, 1, "held_out"):
        pairs = {tuple(part.split(": ")) for part in (asked.prompt + asked.answer).split(", ")}
        assert any(pairs <= set(known) for known in the_world().relations.values())
