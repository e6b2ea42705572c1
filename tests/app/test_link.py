"""What stands in the address is believed once, and what changes is written there."""

import pytest
from streamlit.testing.v1 import AppTest

from llm_tt.app import link


def script() -> None:
    import streamlit as st

    from llm_tt.app.link import note, read_once

    read_once("name", st.session_state.get("known"))
    if "write" in st.session_state:
        note("name", st.session_state["write"])
    st.text(repr(st.session_state["name"]))


def visit(address: str | None, **state) -> AppTest:
    page = AppTest.from_function(script)
    if address is not None:
        page.query_params["name"] = address
    for key, value in state.items():
        page.session_state[key] = value
    return page.run()


@pytest.mark.parametrize(
    ("address", "known", "believed"),
    [
        ("a", None, "a"),
        ("a", ("a", "b"), "a"),
        ("c", ("a", "b"), None),
        (None, None, None),
        (None, ("a",), None),
    ],
)
def test_a_first_visit_believes_the_address(address, known, believed):
    assert visit(address, known=known).text[0].value == repr(believed)


def test_what_was_chosen_since_is_worth_more_than_the_address():
    page = visit("a")
    page.session_state["name"] = None
    assert page.run().text[0].value == "None"
    assert visit("a", name="b").text[0].value == "'b'"


def test_a_value_is_written_and_nothing_is_taken_away():
    page = visit(None, write="a")
    assert dict(page.query_params) == {"name": "a"}
    page.session_state["write"] = None
    page.run()
    assert dict(page.query_params) == {}
    page.run()
    assert dict(page.query_params) == {}


def test_an_unchanged_value_is_not_written(monkeypatch):
    class Written(dict):
        def __setitem__(self, name: str, value: str) -> None:
            pytest.fail(f"{name} was written")

    monkeypatch.setattr(link.st, "query_params", Written(name="a"))
    link.note("name", "a")


def test_what_was_written_last_counts_when_the_browser_is_behind():
    page = visit(None, write="a")
    del page.query_params["name"]  # told before it had heard of "a"
    page.session_state["write"] = None
    page.run()
    assert dict(page.query_params) == {}
    assert page.session_state[link._NOTED] == {"name": None}
    page.query_params["name"] = "b"  # told before it had heard that nothing stands there
    page.run()
    assert dict(page.query_params) == {}
