"""The first page, driven without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[3] / "app.py"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=60).run()


def page_of_link(**parameters: str) -> AppTest:
    """The page as a link opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "error") for element in page.get(kind))


def test_it_opens_with_a_prediction_and_a_check_up(page):
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table.columns) == ["rank", "token", "probability", "logit", "id"]
    assert len(table) == 10
    assert table.probability.is_monotonic_decreasing
    assert "All 7 checks passed" in texts(page)


def test_another_position_gives_another_prediction(page):
    before = page.dataframe[0].value
    prompt = page.session_state["prompt"]
    page.session_state["token_strip"] = {"selection": {"prompt": prompt, "position": 3}}
    page.run()
    assert "token 4 of 58" in texts(page)
    assert not page.dataframe[0].value.equals(before)


def test_an_example_fills_the_prompt(page):
    page.get("button_group")[0].set_value("Capital").run()
    assert page.text_area[0].value == "The capital of Japan is the city of"
    assert not page.exception


@pytest.mark.parametrize(
    ("prompt", "message"),
    [("", "It is empty"), ("x" * 600, "reads at most 512"), ("x" * 5000, "takes at most 2,048")],
)
def test_a_prompt_that_cannot_be_read_is_said_and_the_check_up_stays(page, prompt, message):
    page.text_area[0].set_value(prompt).run()
    assert not page.exception
    assert message in texts(page).replace("\\", "")
    assert "checks passed" in texts(page)


@pytest.mark.parametrize(
    "prompt", ["<script>alert(1)</script>", "😀", "**bold** $x$ :red[y]", "a\n\n\tb", "<|endoftext|>"]
)
def test_any_text_is_shown(page, prompt):
    page.text_area[0].set_value(prompt).run()
    assert not page.exception
    assert not page.error
    assert len(page.dataframe[0].value) == 10


@pytest.mark.parametrize("source", ["./no-such-folder", "no-such-owner/no-such-model", ".", "<b>x</b>"])
def test_a_model_that_cannot_be_opened_is_said(source, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    page = page_of_link(model=source)
    assert not page.exception
    assert len(page.error) == 1
    assert not page.dataframe


def test_a_link_opens_a_local_folder_and_its_prompt(save_family):
    page = page_of_link(model=str(save_family("Mixtral")), prompt="From a link")
    assert not page.exception
    assert page.text_area[0].value == "From a link"
    assert "mixture of experts" in texts(page)
    assert len(page.dataframe[0].value) == 10
