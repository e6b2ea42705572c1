"""Menus of pages send what a browser sends."""

import pytest
from streamlit.testing.v1.element_tree import Selectbox

import llm_tt
from llm_tt.attribution.target import resolve_target
from tests.app.driving import state_of_menu

PROMPT = "When Mary and John went to the store, John gave a drink to"
"""What a newcomer's page shows."""


@pytest.fixture(autouse=True)
def menus_send_what_was_typed(monkeypatch) -> None:
    """AppTest knows only the lines of a menu."""
    monkeypatch.setattr(Selectbox, "_widget_state", property(state_of_menu))


@pytest.fixture(scope="session")
def world():
    """The embedded model, the pass of the first example, and its prediction."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    return model, trace, resolve_target(model, trace)
