"""Indirect object: the answer is the partner, and counting names does not find it."""

from collections import Counter
from random import Random

from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.prompts import MARK
from llm_tt.smallworld.tasks.indirect_object import IndirectObject, write_guess
from llm_tt.smallworld.world import the_world


def _names(text):
    words = text.replace(",", " ").replace(".", " ").split()
    return [word for word in words if word in the_world().names]


def test_the_giver_is_the_last_name_and_the_receiver_stands_beside_them_before():
    for asked in generate("indirect_object", 300, 1, "held_out"):
        names = _names(asked.prompt)
        assert names[-1] == asked.contrast.strip()
        couple = {f"{a} and {b}" for a, b in ((asked.answer, asked.contrast), (asked.contrast, asked.answer))}
        assert any(
            pair.replace("  ", " ").strip() in asked.prompt.replace("  ", " ") for pair in couple
        ) or any(
            f"{a.strip()} and{b}" in asked.prompt
            for a, b in ((asked.answer, asked.contrast), (asked.contrast, asked.answer))
        )


def test_the_corrupted_prompt_only_swaps_the_giver():
    for asked in generate("indirect_object", 100, 2, "train"):
        assert _names(asked.corrupted)[:-1] == _names(asked.prompt)[:-1]
        assert _names(asked.corrupted)[-1] == asked.answer.strip()


def test_the_answer_is_often_not_the_only_name_seen_once():
    prompts = generate("indirect_object", 400, 3, "held_out")
    decided = 0
    for asked in prompts:
        once = [name for name, count in Counter(_names(asked.prompt)).items() if count == 1]
        decided += once == [asked.answer.strip()]
    assert decided < 0.6 * len(prompts)


def test_both_orders_of_the_couple_occur():
    prompts = generate("indirect_object", 200, 4, "train")
    receiver_first = sum(f"{asked.answer.strip()} and{asked.contrast}" in asked.prompt for asked in prompts)
    assert 0.35 < receiver_first / len(prompts) < 0.65


def test_a_guess_may_name_anybody_present():
    named = set()
    for seed in range(60):
        text = write_guess(Random(seed))
        before, _, after = text.partition(MARK)
        guess = after.split()[0].strip(".")
        assert guess in before.replace(",", "").replace(".", "").split()
        right = IndirectObject().ask(Random(seed), held_out=False).answer.strip()
        named.add(guess == right)
    assert named == {True, False}
