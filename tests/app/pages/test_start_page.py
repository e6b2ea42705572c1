"""The first page, driven without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import llm_tt
from llm_tt.app import cached
from llm_tt.app.components.token_strip import _name_of
from llm_tt.errors import MemoryLimitError, PromptError

APP = Path(__file__).parents[3] / "app.py"


@pytest.fixture
def page() -> AppTest:
    """The page with the untrained model: one token a byte, so that every text is easy to count."""
    return page_of_link(model="untrained")


def page_of_link(**parameters: str) -> AppTest:
    """The page as a link opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "text") for element in page.get(kind))


def test_a_newcomer_sees_the_small_world_answer():
    page = page_of_link()
    assert not page.exception
    assert page.selectbox[0].value == "small-world"
    assert page.dataframe[0].value.token[0] == "·Mary"
    assert "All 7 checks passed" in texts(page)


def test_it_opens_with_a_prediction_and_a_check_up(page):
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table.columns) == ["rank", "token", "probability", "logit", "id"]
    assert len(table) == 10
    assert table.probability.is_monotonic_decreasing
    assert "All 7 checks passed" in texts(page)


def test_another_position_gives_another_prediction(page):
    before = page.dataframe[0].value
    prompt = llm_tt.load_model("untrained").tokenize(page.session_state["prompt"])
    page.session_state["token_strip"] = {"selection": {"run": _name_of(prompt), "position": 3}}
    page.run()
    assert "token 4 of 58" in texts(page)
    assert not page.dataframe[0].value.equals(before)


def test_an_example_fills_the_prompt_as_often_as_it_is_clicked(page):
    for _ in range(2):
        page.get("button_group")[0].set_value("Capital").run()
        assert page.text_area[0].value == "The capital of Japan is the city of"
        page.text_area[0].set_value("changed").run()
    assert not page.exception


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("", "It is empty"),
        ("x" * 600, "reads at most 512"),
        ("x" * 5000, "takes at most 2,048"),
    ],
)
def test_a_prompt_that_cannot_be_read_is_said_and_the_check_up_stays(page, prompt, message):
    page.text_area[0].set_value(prompt).run()
    assert not page.exception
    assert message in texts(page)
    assert "checks passed" in texts(page)


@pytest.mark.parametrize(
    "prompt", ["<script>alert(1)</script>", "😀", "**bold** $x$ :red[y]", "a\n\n\tb", "<|endoftext|>"]
)
def test_any_text_is_shown(page, prompt):
    page.text_area[0].set_value(prompt).run()
    assert not page.exception
    assert not page.text
    assert len(page.dataframe[0].value) == 10


@pytest.mark.parametrize("source", ["./no-such-folder", "no-such-owner/no-such-model", ".", "<b>x</b>"])
def test_a_model_that_cannot_be_opened_is_said(source, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    page = page_of_link(model=source)
    assert not page.exception
    assert len(page.text) == 3
    assert not page.dataframe


def test_a_link_opens_a_local_folder_and_its_prompt(save_family):
    page = page_of_link(model=str(save_family("Mixtral")), prompt="From a link")
    assert not page.exception
    assert page.text_area[0].value == "From a link"
    assert "mixture of experts" in texts(page)
    assert len(page.dataframe[0].value) == 10


def test_a_long_prompt_stays_out_of_the_link():
    page = page_of_link(prompt="short")
    assert page.query_params["prompt"] == "short"
    page.text_area[0].set_value("x" * 1600).run()
    assert "prompt" not in page.query_params


def test_the_precision_is_the_configured_one_until_another_is_chosen(page, monkeypatch):
    opened = []
    monkeypatch.setattr(cached, "load_model", lambda spec: opened.append(spec) or llm_tt.load_model(spec))
    page = page_of_link(precision="bfloat16")
    assert [spec.dtype for spec in opened] == ["bfloat16"]
    assert not page.exception


def test_when_memory_is_full_old_traces_make_room(page, monkeypatch):
    attempts = []
    capture = cached.capture

    def full_at_first(*arguments, **limits):
        attempts.append(len(cached._traces))
        if len(attempts) == 1:
            raise MemoryLimitError(asked="Trace.", found="Full.", remedy="Wait.")
        return capture(*arguments, **limits)

    monkeypatch.setattr(cached, "capture", full_at_first)
    page.text_area[0].set_value("needs room").run()
    assert not page.text
    assert attempts[0] > 0
    assert attempts[1] == 0


def test_an_enormous_text_never_reaches_the_tokenizer(monkeypatch):
    model = llm_tt.load_model("untrained")
    monkeypatch.setattr(cached, "open_model", lambda spec: model)
    monkeypatch.setattr(model, "tokenize", lambda text: pytest.fail("it was tokenised"))
    with pytest.raises(PromptError, match=r"40,000 characters.*at most 32,768"):
        cached.run_prompt(model.spec, "x" * 40_000)


def test_traces_are_bounded_by_their_bytes(page):
    trace = cached.run_prompt(llm_tt.ModelSpec("untrained"), "bounded")
    assert cached._traces.getsizeof(trace) == trace.n_bytes
    assert cached._traces.maxsize == 2000 * 2**20
