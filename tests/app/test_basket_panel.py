"""Rows of the basket: every widget changes the list, and the list is what the widgets show."""

import pytest
import streamlit as st

from llm_tt.app import basket_panel
from llm_tt.app.basket_state import row_version
from llm_tt.intervention.basket import Basket
from tests.app.driving import choose_label, link_of, page_of_link, prompt_box

TWO = "ablate:L2H1;scale:L2.mlp:0.5:p=13"


@pytest.fixture
def page():
    return page_of_link(edits=TWO)


def edits_of(page) -> list[str]:
    return link_of(page).get("edits", "").split(";")


def test_rows_show_the_list(page):
    assert page.slider(key="edit0-strength").value == 1.0
    assert page.slider(key="edit1-strength").value == 0.5
    assert page.selectbox(key="edit0-positions").value == "all"
    assert page.selectbox(key="edit1-positions").value == (13,)
    assert page.selectbox(key="edit1-positions").format_func((13,)) == "at ·to (13)"


def test_each_widget_changes_its_row(page):
    page.slider(key="edit1-strength").set_value(2.0).run()
    page.selectbox(key="edit0-positions").set_value("generated").run()
    page.toggle(key="edit1-on").set_value(False).run()
    page.text_input(key="edit0-note").set_value("the duplicate reader").run()
    first, second = edits_of(page)
    assert "generated" in first
    assert "duplicate" in first
    assert second.startswith("!scale:L2.mlp:2")
    assert "1 of 2 on" in "\n".join(element.value for element in page.markdown)


def strengths(page) -> list[float]:
    return [slider.value for slider in page.slider if slider.label.startswith("Strength: ")]


def test_a_slider_keeps_its_value_where_another_prompt_gives_it_other_ends():
    page = page_of_link("flow", edits="set:L1N3:0.5;steer:1:2.5:n=3")
    ends = [(slider.min, slider.max) for slider in page.slider if slider.label.startswith("Strength: ")]
    prompt_box(page).input("5 + 4 = 9, 2 + 3 =").run()
    others = [(slider.min, slider.max) for slider in page.slider if slider.label.startswith("Strength: ")]
    assert others != ends
    assert strengths(page) == [0.5, 2.5]
    page.toggle(key="edit0-on").set_value(False).run()
    assert strengths(page) == [0.5, 2.5]
    assert edits_of(page) == ["!set:L1N3:0.5", "steer:1:2.5:n=*3"]


def test_a_slider_that_comes_back_from_far_away_stays_where_it_was_put():
    page = page_of_link("flow", edits="scale:L2.mlp:40")
    page.slider(key="edit0-strength").set_value(3.0).run()
    assert strengths(page) == [3.0]
    assert edits_of(page) == ["scale:L2.mlp:3.0"]


def test_every_message_tells_what_a_row_shows(page):
    """A browser may have missed the run that began the row, or draw it anew: it shows the default then."""
    page.slider(key="edit1-strength").set_value(2.0).run()
    for _ in range(2):
        assert page.slider(key="edit1-strength").proto.default == [2.0]
        assert page.toggle(key="edit0-on").proto.default
        positions = page.selectbox(key="edit1-positions")
        assert positions.options[positions.proto.default] == "at ·to (13)"
        page.run()


def test_a_deleted_rows_widgets_show_the_next_one(page):
    page.button(key="edit0-delete").click().run()
    assert edits_of(page) == ["scale:L2.mlp:0.5:p=13"]
    assert page.slider(key="edit0-strength-1").value == 0.5
    assert page.selectbox(key="edit0-positions-1").value == (13,)


def test_undo_moves_the_widgets_back(page):
    page.slider(key="edit0-strength").set_value(0.25).run()
    page.button(key="undo").click().run()
    assert page.slider(key="edit0-strength-1").value == 1.0
    assert edits_of(page) == TWO.split(";")


def test_the_baseline_can_be_chosen_where_something_is_off(page):
    page.button_group(key="edit0-baseline").set_value("zero").run()
    assert "zero" in edits_of(page)[0]
    assert not [group for group in page.button_group if group.key == "edit1-baseline"]


def test_the_saved_file_is_the_list(page, monkeypatch):
    saved = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *rest, **options: saved.append(data))
    page.run()
    assert Basket.from_json(saved[-1]) == Basket.from_link(TWO)


def test_an_edit_that_does_not_fit_the_prompt_is_said_in_its_row():
    page = page_of_link(edits="ablate:L2H1;ablate:L2H1:p=40;ablate:L9H0")
    said = "\n".join(element.value for element in page.caption).replace("\\", "")
    assert "no position 40" in said
    assert "no layer 9" in said
    assert "**Interventions**" in "\n".join(element.value for element in page.markdown)
    assert not page.exception


def test_several_changes_of_a_row_are_taken_back_one_by_one(page):
    page.text_input(key="edit0-note").set_value("hello").run()
    page.button_group(key="edit0-baseline").set_value("zero").run()
    for _ in range(2):
        page.button(key="undo").click().run()
    assert edits_of(page) == TWO.split(";")
    assert page.button(key="undo").disabled


def test_a_value_that_is_sent_again_is_no_change(page):
    page.slider(key="edit0-strength").set_value(1.0).run()
    page.text_input(key="edit0-note").set_value("").run()
    assert page.button(key="undo").disabled


def test_a_position_of_the_prompt_before_is_passed_over(page):
    page = choose_label(page, "edit1-positions", "at sc (40)")
    assert not page.exception
    assert edits_of(page) == TWO.split(";")


def test_what_cannot_act_is_not_counted():
    page = page_of_link(edits="ablate:L99H1;ablate:L2H1")
    assert "2 on, 1 can act here" in "\n".join(element.value for element in page.markdown)


def test_a_late_word_about_a_widget_that_is_gone_is_passed_over(monkeypatch):
    basket = Basket.from_link("ablate:L2H1")
    monkeypatch.setattr(basket_panel, "current_basket", lambda: basket)
    monkeypatch.setattr(basket_panel, "change_basket", lambda *_, **__: pytest.fail("nothing was chosen"))
    now = row_version()
    basket_panel._take(basket_panel.Row(0, now), "on", chosen=True)  # as it is
    basket_panel._take(basket_panel.Row(0, now), "positions", chosen=(-1,))
    basket_panel._take(basket_panel.Row(5, now), "on", chosen=False)
    basket_panel._take(basket_panel.Row(0, now - 1), "on", chosen=False)
    basket_panel._remove(basket_panel.Row(0, now - 1))
    basket_panel._remove(basket_panel.Row(5, now))
