"""Words that are not known lead to those that are."""

import pytest
import typer

from llm_tt.cli.choices import nearest, one_of


def test_a_known_word_is_let_through():
    assert one_of("relp", ("ifr", "relp"), "--method") == "relp"


@pytest.mark.parametrize(
    ("typed", "hint"), [("rlp", " Did you mean relp?"), ("RELP", " Did you mean relp?"), ("x", "")]
)
def test_another_word_is_refused_with_the_nearest_and_all(typed, hint):
    with pytest.raises(typer.BadParameter) as refused:
        one_of(typed, ("ifr", "relp"), "--method")
    assert refused.value.message == f"{typed!r} is not known here.{hint} Choose one of ifr, relp."
    assert refused.value.param_hint == "--method"


def test_the_nearest_is_spelled_as_it_is_known():
    assert nearest("gpt", ("GPT2", "Llama")) == "GPT2"
    assert nearest("", ("GPT2",)) is None
