"""The frame is the same on every page."""

import pytest

from llm_tt.app.cached import Run
from llm_tt.app.frame import name_of_prompt
from llm_tt.intervention.edits import Ablate
from llm_tt.model.spec import ModelSpec
from tests.app.driving import FAILED, link_of, menu_of, page_of_link, prompt_box, words


@pytest.mark.parametrize("page", ["flow", "trace", "intervene"])
def test_prompt_and_model_of_a_link(page):
    opened = page_of_link(page, model="untrained", prompt="So it is.")
    assert not opened.exception
    assert prompt_box(opened).value == "So it is."
    assert menu_of(opened, "model").value == "untrained"
    assert FAILED not in words(opened)


@pytest.mark.parametrize("page", ["flow", "trace", "intervene"])
@pytest.mark.parametrize(("prompt", "message"), [("x" * 600, "reads at most 512"), ("\x00", "")])
def test_a_bad_prompt_is_said_and_nothing_breaks(page, prompt, message):
    opened = page_of_link(page, model="untrained", prompt=prompt)
    assert not opened.exception
    assert message in words(opened)


def test_another_prompt_forgets_position_and_tokens_and_keeps_interventions():
    page = page_of_link("trace", edits="ablate:L2H1", at="9", token="·John")
    prompt_box(page).set_value("The capital of Japan is the city of").run()
    assert link_of(page) == {"edits": "ablate:L2H1"}


def test_a_prompts_name_does_not_depend_on_interventions():
    plain = Run(ModelSpec("small-world"), "a")
    edited = Run(plain.spec, plain.text, (Ablate.head(0, 0),))
    assert name_of_prompt(plain, (1, 2)) == name_of_prompt(edited, (1, 2)) != name_of_prompt(plain, (1, 3))
