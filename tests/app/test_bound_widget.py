"""A value is chosen by a hand or put there by the page; neither loses against what the browser repeats."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from llm_tt.app.bound_widget import BoundWidget

    def take(typed: str) -> str:
        st.session_state["text"] = typed
        st.session_state["taken"] = [*st.session_state.get("taken", []), typed]
        return typed

    def put(text: str) -> None:
        st.session_state["text"] = text

    st.session_state.setdefault("text", "first")
    st.button("put", on_click=put, args=("put there",))
    text = st.session_state["text"]
    box = BoundWidget("box", text, about=st.session_state.get("about"))
    st.text_area("Box", text, key=box.key, on_change=box.on_change(take))

    def be_late() -> None:
        del st.session_state[box.key]
        box.on_change(take)()

    st.button("late", on_click=be_late)


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page).run()


def test_what_is_typed_is_taken_and_stays_in_the_same_box(page):
    assert (page.text_area[0].value, page.text_area[0].key) == ("first", "box")
    page.text_area[0].input("typed").run()
    page.text_area[0].input("").run()
    assert page.session_state["taken"] == ["typed", ""]
    assert (page.text_area[0].value, page.text_area[0].key) == ("", "box")
    assert not page.text_area[0].proto.set_value


def test_what_the_page_puts_there_stands_in_a_box_of_its_own(page):
    page.text_area[0].input("typed").run()
    page.button[0].click().run()
    assert (page.text_area[0].value, page.text_area[0].key) == ("put there", "box-1")
    assert page.text_area[0].proto.default == "put there"
    page.button[0].click().run()
    assert page.text_area[0].key == "box-1"
    page.text_area[0].input("again").run()
    assert (page.text_area[0].value, page.text_area[0].key) == ("again", "box-1")
    assert page.session_state["taken"] == ["typed", "again"]


def test_what_the_browser_repeats_of_the_box_before_is_not_taken(page):
    before = page.text_area[0]
    page.button[0].click().run()
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=before.id, string_value="first"))
    page._run(states)
    assert page.session_state["text"] == page.text_area[0].value == "put there"
    assert "taken" not in page.session_state


def test_a_late_word_about_a_box_that_is_gone_is_passed_over(page):
    page.button[1].click().run()
    assert not page.exception
    assert "taken" not in page.session_state


def test_about_another_thing_there_is_another_box(page):
    page.text_area[0].input("typed").run()
    page.session_state["about"] = "another thing"
    page.run()
    assert (page.text_area[0].value, page.text_area[0].key) == ("typed", "box-1")


def test_a_hand_on_the_box_before_is_taken_where_the_page_changed_no_value(page):
    before = page.text_area[0]
    page.session_state["about"] = "another thing"
    page.run()
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=before.id, string_value="by hand"))
    page._run(states)
    assert page.session_state["taken"] == ["by hand"]
    assert (page.text_area[0].value, page.text_area[0].key) == ("by hand", "box-2")
    assert page.text_area[0].proto.default == "by hand"


def test_on_another_page_a_box_is_told_what_is_kept(page):
    """A browser may still have what that box showed when its page was open last."""
    for name, is_told in (("Flow", True), ("Flow", False), ("Trace", True), ("Trace", False), ("Flow", True)):
        page.session_state["page_shown"] = name
        page.run()
        assert page.text_area[0].proto.set_value == is_told
        assert page.text_area[0].value == page.text_area[0].proto.default == "first"


def test_a_browser_that_draws_the_box_anew_shows_what_is_kept(page):
    """Whatever it has missed: what it draws first is the default, which every run tells."""
    assert page.text_area[0].proto.default == "first"
    page.text_area[0].input("typed").run()
    assert page.text_area[0].proto.default == "typed"
    page.run()
    assert page.text_area[0].proto.default == "typed"
