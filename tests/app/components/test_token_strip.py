"""The browser's answer is checked: it may be old, foreign or nonsense."""

import pytest

from llm_tt.app.components.token_strip import _name_of, _valid_position
from llm_tt.model.prompt import Prompt

PROMPT = Prompt("abc", (1, 2, 3), ("a", "b", "c"))
RUN = _name_of(PROMPT)


def test_a_click_is_believed():
    assert _valid_position({"run": RUN, "position": 1}, PROMPT) == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "1",
        {},
        {"position": 1},
        {"run": "another", "position": 0},
        {"run": RUN, "position": 3},
        {"run": RUN, "position": -1},
        {"run": RUN, "position": "1"},
        {"run": RUN, "position": 0.5},
    ],
)
def test_anything_else_is_the_last_position(answer):
    assert _valid_position(answer, PROMPT) == 2


def test_the_same_text_under_another_tokenizer_is_another_prompt():
    assert _name_of(Prompt("abc", (7, 8), ("ab", "c"))) != RUN
    assert _name_of(Prompt("abd", (1, 2, 3), ("a", "b", "d"))) != RUN
    assert _name_of(Prompt("abc", (1, 2, 3), ("a", "b", "c"))) == RUN
