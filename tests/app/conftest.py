"""Menus of pages send what a browser sends."""

import pytest
from streamlit.testing.v1.element_tree import Selectbox

from tests.app.driving import state_of_menu


@pytest.fixture(autouse=True)
def menus_send_what_was_typed(monkeypatch) -> None:
    """AppTest knows only the lines of a menu."""
    monkeypatch.setattr(Selectbox, "_widget_state", property(state_of_menu))
