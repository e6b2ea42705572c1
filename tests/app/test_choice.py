"""One of a few: the first until chosen, read from the address once, noted where a link carries it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.driving import choice_of


def script(in_link: bool) -> None:
    import streamlit as st

    from llm_tt.app.choice import choose_one

    names = {"first": "The first", "second": "The second"}
    explained = {"first": "one", "second": "two"}
    st.text(choose_one("Which", names, key="which", explained=explained, in_link=in_link))


def page_of(in_link: bool = True, **address: str) -> AppTest:
    page = AppTest.from_function(script, kwargs={"in_link": in_link})
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def said(page: AppTest) -> str:
    assert not page.exception
    return page.text[0].value


def test_the_first_until_another_is_chosen():
    page = page_of()
    assert said(page) == "first"
    assert "which" not in page.query_params
    box = choice_of(page, "which")
    assert "**The first**: one" in box.help
    box.set_value("second").run()
    assert said(page) == "second"
    assert page.query_params["which"] == "second"
    choice_of(page, "which").set_value("first").run()
    assert "which" not in page.query_params


@pytest.mark.parametrize(("address", "chosen"), [("second", "second"), ("third", "first"), ("", "first")])
def test_the_address_is_believed_as_far_as_it_means_something(address, chosen):
    assert said(page_of(which=address)) == chosen


def test_what_no_link_carries_is_not_read_from_one():
    page = page_of(in_link=False, which="second")
    assert said(page) == "first"
    choice_of(page, "which").set_value("second").run()
    assert page.query_params["which"] == "second"  # as it was
