"""One section of the Anatomy page on a page of its own, driven without a browser."""

from streamlit.testing.v1 import AppTest

_PAGE = """
import streamlit as st

from llm_tt.app.anatomy.{name}_view import show_{name}_view
from llm_tt.app.cached import contributions_of
from llm_tt.app.chosen import chosen_position, select_everywhere
from llm_tt.app.frame import show_framed
from llm_tt.app.question import target_as_chosen
from llm_tt.app.view import View
from llm_tt.settings import load_settings


def open_layer(part):
    st.session_state["opened"] = str(part)
    select_everywhere(part)


def show(frame):
    target = target_as_chosen(frame.model, frame.trace, chosen_position(frame.trace.prompt))
    shares = contributions_of(frame.run, "ifr", target)
    view = View(frame.settings, frame.model, frame.trace, shares, target, names=frame.names)
    show_{name}_view({given})


show_framed(load_settings(), show)
"""

_GIVEN = {
    "overview": "view, frame.run, range(1, 3), open_layer",
    "norms": "view, frame.run, range(1, 3)",
    "steady": "frame, view",
}


def section_of_link(name: str, **parameters: str) -> AppTest:
    """The section as a link opens its page."""
    page = AppTest.from_string(_PAGE.format(name=name, given=_GIVEN[name]), default_timeout=60)
    for parameter, value in parameters.items():
        page.query_params[parameter] = value
    return page.run()
