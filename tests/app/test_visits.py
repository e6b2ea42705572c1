"""As many tabs as the settings say, and whoever is in stays in."""

import gc

import pytest
from streamlit.testing.v1 import AppTest

from llm_tt.app import visits

FULL = "This dashboard is full"


def script() -> None:
    from dataclasses import replace

    import streamlit as st

    from llm_tt.app.visits import is_admitted
    from llm_tt.settings import load_settings

    settings = load_settings()
    settings = replace(settings, limits=replace(settings.limits, visits=st.session_state["most"]))
    if is_admitted(settings):
        st.text("welcome")


@pytest.fixture(autouse=True)
def nobody_is_here(monkeypatch):
    gc.collect()
    monkeypatch.setattr(visits, "_all", visits.WeakSet())


def come(most: int) -> AppTest:
    page = AppTest.from_function(script)
    page.session_state["most"] = most
    return page.run()


def is_full(page: AppTest) -> bool:
    assert not page.exception
    return any(FULL in line.value for line in page.markdown)


def test_only_so_many_are_served_and_who_is_in_stays_in():
    inside = [come(2), come(2)]
    assert not any(map(is_full, inside))
    outside = come(2)
    assert is_full(outside)
    assert "It serves 2 open tabs at a time" in outside.text[0].value
    assert not is_full(inside[0].run())


def test_there_is_room_when_somebody_left():
    inside = [come(1)]
    outside = come(1)
    assert is_full(outside)
    inside.clear()
    gc.collect()
    assert not is_full(outside.button[0].click().run())


def test_a_closed_tab_does_not_keep_its_place(monkeypatch):
    first = come(1)
    monkeypatch.setattr(visits._Visit, "is_open", False)  # as when a page is loaded again
    second = come(1)
    assert [is_full(page) for page in (first, second)] == [False, False]


def test_none_means_any_number():
    assert not any(is_full(come(0)) for _ in range(5))
