"""Sums: the answers are sums."""

import re

from llm_tt.smallworld.generation import generate


def test_every_answer_is_the_sum_and_every_worked_sum_is_right():
    for asked in generate("sums", 200, 1, "held_out"):
        text = asked.prompt + asked.answer
        found = re.findall(r"(\d) \+ (\d) = (\d+)", text)
        assert len(found) == text.count("=")
        assert all(int(a) + int(b) == int(total) for a, b, total in found)
