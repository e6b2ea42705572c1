"""The page as a whole: its views, its address, and the way from the whole model into a layer."""

import pytest
import streamlit as st

from llm_tt.app.pages import anatomy_page
from llm_tt.tracing.parts import Part
from tests.app.driving import choice_of, link_of, page_of_link, words

KEY = "anatomy-view"


@pytest.mark.parametrize("view", ["layers", "model", "norms", "steady"])
def test_every_view_opens_from_its_link(view):
    page = page_of_link("anatomy", **{KEY: view})
    assert not page.exception
    assert "That did not work" not in words(page)
    assert choice_of(page, KEY).value == view
    assert link_of(page).get(KEY, "layers") == view


def test_an_unknown_view_is_the_layers():
    page = page_of_link("anatomy", **{KEY: "nothing"})
    assert choice_of(page, KEY).value == "layers"


@pytest.mark.parametrize("family", ["GPT-NeoX", "Mixtral"])
@pytest.mark.parametrize("view", ["layers", "model", "norms", "steady"])
def test_parallel_blocks_and_experts_have_every_view(family, view, save_family):
    page = page_of_link("anatomy", model=str(save_family(family)), prompt="So it is", **{KEY: view})
    assert not page.exception
    assert "That did not work" not in words(page)


def test_a_bad_prompt_is_said():
    page = page_of_link("anatomy", prompt="x" * 5000, model="untrained")
    assert not page.exception
    assert "takes at most 2,048" in words(page)


def test_a_click_on_the_whole_model_opens_its_layer(monkeypatch):
    def click_and_show(view, run, layers, open_layer):
        st.button("go", on_click=open_layer, args=(Part.named("L1H2@13"),))

    monkeypatch.setattr(anatomy_page, "show_overview_view", click_and_show)
    page = page_of_link("anatomy", **{KEY: "model"})
    next(button for button in page.button if button.label == "go").click().run()
    assert not page.exception
    assert choice_of(page, KEY).value == "layers"
    assert link_of(page) == {"drawn": "1", "select": "L1H2@13"}
