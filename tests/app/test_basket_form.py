"""Interventions by hand, and from a file."""

import pytest

from llm_tt.intervention.basket import Basket
from tests.app.driving import FAILED, link_of, page_of_link, words


@pytest.mark.parametrize(
    ("kind", "name", "value", "edit"),
    [
        ("Switch off", "L2H1", None, "ablate:L2H1"),
        ("Scale", "L2.mlp", 0.5, "scale:L2.mlp:0.5"),
        ("Set a neuron", "L2N33", 4.0, "set:L2N33:4.0"),
    ],
)
def test_adding_by_name(kind, name, value, edit):
    page = page_of_link("intervene")
    page.button_group(key="new-kind").set_value(kind).run()
    page.text_input(key="new-name").set_value(name)
    if value is not None:
        page.number_input(key="new-value").set_value(value)
    submit(page)
    assert FAILED not in words(page)
    assert link_of(page)["edits"] == edit


def test_steering_by_name():
    page = page_of_link("intervene")
    page.button_group(key="new-kind").set_value("Steer").run()
    page.text_input(key="new-toward").set_value("John")
    page.text_input(key="new-away").set_value("Mary")
    submit(page)
    assert FAILED not in words(page)
    assert "t=%20John:a=%20Mary" in link_of(page)["edits"]
    assert "toward ·John, away from ·Mary" in words(page)


@pytest.mark.parametrize(
    ("toward", "away", "message"), [("", "Mary", "No token is named"), ("Mary", "·Mary", "same token")]
)
def test_a_step_to_nowhere_is_said(toward, away, message):
    page = page_of_link("intervene")
    page.button_group(key="new-kind").set_value("Steer").run()
    page.text_input(key="new-toward").set_value(toward)
    page.text_input(key="new-away").set_value(away)
    submit(page)
    assert not page.exception
    assert message in words(page)
    assert "edits" not in link_of(page)


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("Switch off", "", "no name of something"),
        ("Switch off", "L9H0", "no layer 9"),
        ("Set a neuron", "L2H1", "Only a neuron has an activation"),
        ("Scale", "<b>L2</b>", "no name of something"),
    ],
)
def test_a_bad_name_is_said(kind, name, message):
    page = page_of_link("intervene")
    page.button_group(key="new-kind").set_value(kind).run()
    page.text_input(key="new-name").set_value(name)
    submit(page)
    assert not page.exception
    assert message in words(page)
    assert "edits" not in link_of(page)


def submit(page) -> None:
    next(button for button in page.button if button.label == "Add").click().run()


def load(page, content: bytes) -> None:
    page.get("file_uploader")[-1].set_value(("edits.json", content, "application/json")).run()


def test_a_saved_list_comes_back():
    page = page_of_link("intervene")
    load(page, Basket.from_link("ablate:L2H1;!scale:L2.mlp:0.5:p=13").to_json().encode())
    page.button(key="use-basket-file").click().run()
    assert link_of(page)["edits"] == "ablate:L2H1;!scale:L2.mlp:0.5:p=13"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_said(content):
    page = page_of_link("intervene")
    load(page, content)
    assert not page.exception
    assert words(page).count(FAILED) == 1


def test_the_kind_that_was_chosen_right_before_counts_though_its_form_is_not_there_yet():
    page = page_of_link("intervene")
    page.button_group(key="new-kind").set_value("Scale").run()
    page.button_group(key="new-kind").set_value("Switch off")
    page.text_input(key="new-name").set_value("L2H1")
    submit(page)
    assert link_of(page)["edits"] == "ablate:L2H1"
