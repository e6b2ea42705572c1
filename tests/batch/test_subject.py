"""A part of a prompt, found among its tokens."""

import pytest

from llm_tt.batch.subject import positions_of_text
from llm_tt.errors import PromptError


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Mary", [1]), (" Mary", [1]), ("Mary and John", [1, 2, 3]), ("When", [0]), ("ar", [1]), ("John", [3])],
)
def test_every_token_that_has_a_letter_of_it(text, expected, small_world):
    prompt = small_world.tokenize("When Mary and John went, John")
    assert list(positions_of_text(prompt, text)) == expected


def test_what_does_not_stand_there_is_refused(small_world):
    with pytest.raises(PromptError, match="'Anne' does not stand in the prompt"):
        positions_of_text(small_world.tokenize("When Mary"), "Anne")


def test_characters_of_several_tokens_have_no_places(small_world):
    prompt = small_world.tokenize("Mary 漢字 John")
    assert "".join(prompt.token_strings) != prompt.text
    assert positions_of_text(prompt, "John") == ()
