"""Copying and key-value: the answer stands in the prompt, behind its partner."""

from llm_tt.smallworld.generation import generate


def test_the_next_item_of_the_list_is_asked():
    for asked in generate("copying", 100, 1, "held_out"):
        items = asked.prompt.removeprefix("List: ").split(". ")[0].split(", ")
        again = asked.prompt.split(": ")[-1].removesuffix(",").split(", ")
        assert items[: len(again)] == again
        assert asked.answer == f" {items[len(again)]}"


def test_the_value_of_the_key_is_asked():
    for asked in generate("key_value", 100, 1, "held_out"):
        listed, key = asked.prompt.removesuffix(":").rsplit(". ", 1)
        assert dict(pair.split(": ") for pair in listed.split(", "))[key] == asked.answer.strip()
