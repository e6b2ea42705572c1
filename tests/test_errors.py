"""Every error says what was asked, what was found, what to do."""

import pytest

from llm_tt import errors


def test_the_three_parts_are_one_sentence_each():
    error = errors.ModelNotFoundError(asked="Open x.", found="It is not there.", remedy="Look elsewhere.")
    assert str(error) == "Open x. It is not there. Look elsewhere."
    assert isinstance(error, errors.LlmTtError)


def test_the_tree_in_the_docstring_is_the_tree():
    named = {word for word in errors.__doc__.split() if word.endswith("Error")}
    defined = {name for name in vars(errors) if name.endswith("Error")}
    assert named - {"CheckUpError"} == defined


def test_no_part_may_be_forgotten():
    with pytest.raises(TypeError):
        errors.PromptError(asked="x", found="y")


def test_an_error_has_its_parts_as_arguments():
    assert errors.PromptError(asked="a", found="b", remedy="c").args == ("a", "b", "c")
