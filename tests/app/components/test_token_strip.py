"""The browser's answer is checked: it may be old, foreign or nonsense."""

import pytest

from llm_tt.app.components.token_strip import _valid_position
from llm_tt.model.prompt import Prompt

PROMPT = Prompt("abc", (1, 2, 3), ("a", "b", "c"))


def test_a_click_is_believed():
    assert _valid_position({"prompt": "abc", "position": 1}, PROMPT) == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "1",
        {},
        {"position": 1},
        {"prompt": "another prompt", "position": 0},
        {"prompt": "abc", "position": 3},
        {"prompt": "abc", "position": -1},
        {"prompt": "abc", "position": "1"},
        {"prompt": "abc", "position": 0.5},
    ],
)
def test_anything_else_is_the_last_position(answer):
    assert _valid_position(answer, PROMPT) == 2
