"""Other people's text cannot turn into markup, and an error is always three sentences."""

import pytest
from streamlit.testing.v1 import AppTest

from llm_tt.app.notices import plain

MARKUP = [
    "**bold**",
    "<script>",
    "[link](http://x)",
    ":red[x]",
    ":material/home:",
    "$x^2$",
    "# title",
    "a_b_c",
    "`code`",
    "1. item",
    "~~x~~",
    "| a |",
    "&lt;",
    "a -> b <- c -- d >= e",
]


@pytest.mark.parametrize("text", MARKUP)
def test_every_character_of_markup_is_escaped(text):
    escaped = plain(text)
    assert escaped != text
    assert escaped.replace("\\", "").replace("\u2060", "") == text


def test_plain_words_stay_plain_words():
    assert plain("When Mary and John") == "When Mary and John"


def page_with_an_error(kind: str, settings_file: str) -> AppTest:
    def script(kind: str, settings_file: str) -> None:
        from pathlib import Path

        from llm_tt import errors
        from llm_tt.app.notices import errors_shown
        from llm_tt.settings import load_settings

        with errors_shown(load_settings(Path(settings_file))):
            if kind == "unforeseen":
                raise ZeroDivisionError(kind + " secret")
            raise getattr(errors, kind)(asked="Open /srv/secret.", found="No **luck**.", remedy="Go home.")

    return AppTest.from_function(script, kwargs={"kind": kind, "settings_file": settings_file}).run()


def test_an_error_of_ours_is_three_lines_of_plain_text():
    page = page_with_an_error("UnsupportedModelError", "config/local.toml")
    assert [line.value for line in page.text] == ["Open /srv/secret.", "No **luck**.", "Go home."]


def test_an_error_that_nobody_foresaw_is_no_traceback(caplog):
    page = page_with_an_error("unforeseen", "config/local.toml")
    assert not page.exception
    assert len(page.text) == 3
    assert "secret" not in str(page.text)
    assert "ZeroDivisionError" in caplog.text  # whoever runs the dashboard sees it


def test_a_hosted_dashboard_keeps_its_internals(caplog):
    page = page_with_an_error("UnsupportedModelError", "config/hosted.toml")
    assert "secret" not in str(page.text)
    assert len(page.text) == 3
    assert "secret" in caplog.text


def test_what_the_person_did_is_said_on_a_hosted_dashboard_too():
    page = page_with_an_error("PromptError", "config/hosted.toml")
    assert page.text[1].value == "No **luck**."
