"""The page of errors says what the program says."""

import pytest

from llm_tt import errors
from tests.end_to_end.error_examples import EXAMPLES, PAGE, caused, page


def test_the_page_is_what_the_errors_say():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -m tests.end_to_end.error_examples writes it anew"
    )


@pytest.mark.parametrize("call", EXAMPLES)
def test_every_example_has_three_sentences(call):
    error = caused(EXAMPLES[call])
    for part in (error.asked, error.found, error.remedy):
        assert part.rstrip()[-1] in ".?", part
        assert "Traceback" not in part


def test_most_classes_are_on_the_page():
    shown = {type(caused(cause)).__name__ for cause in EXAMPLES.values()}
    defined = {name for name in vars(errors) if name.endswith("Error")}
    elsewhere = {
        "LlmTtError", "ModelError",  # families of others
        "CheckUpError", "CapabilityError", "NotAllowedError", "ConceptIndexError", "UnsupportedModelError",
    }  # fmt: skip
    assert defined - elsewhere <= shown
