"""The map of the page: of a number, of attention, of a difference; a click on it chooses."""

import json

import streamlit as st

from llm_tt.app.roles import map_section
from llm_tt.app.roles.chosen_component import choose_component
from tests.app.driving import words


def figure_of(page):
    (chart,) = page.get("plotly_chart")
    return json.loads(chart.proto.spec)


def test_every_head_and_mlp_has_a_cell(open_roles):
    cells = figure_of(open_roles())["data"][-1]["customdata"]
    assert len(cells) == 4 * 5
    assert {"L0H2", "L3.mlp"} <= set(cells)


def test_attention_has_no_mlps(open_roles):
    cells = figure_of(open_roles(map="answer", group="indirect_object"))["data"][-1]["customdata"]
    assert len(cells) == 16
    assert not any("mlp" in name for name in cells)


def test_differences_say_what_they_are(open_roles):
    page = open_roles(group="capital", without="indirect_object")
    assert "may be chance" in words(page)
    assert "<br>difference of shares" in figure_of(page)["data"][-1]["hovertext"][0]
    page = open_roles(group="capital", without="indirect_object", map="previous")
    assert len(figure_of(page)["data"][-1]["customdata"]) == 16


def test_a_click_chooses_whatever_a_browser_sends(monkeypatch):
    state = {}
    monkeypatch.setattr(st, "session_state", state)
    for sent, chosen in (([{"customdata": "L1H2"}], "L1H2"), ([{}], None), ([{"customdata": 5}], None)):
        state["role-map"] = {"selection": {"points": sent}}
        map_section._take_click()
        assert state["component"] == chosen
    choose_component("L0.mlp")
    state["role-map"] = {"selection": {"points": []}}
    map_section._take_click()
    assert state["component"] == "L0.mlp"
