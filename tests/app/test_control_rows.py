"""Rows of controls are columns of containers that a narrow window's style knows."""

from streamlit.testing.v1 import AppTest

from llm_tt.app.control_rows import NARROW_STYLE

_PAGE = """
import streamlit as st

from llm_tt.app.control_rows import controls

for name, stacked in (("question", False), ("sides", True)):
    for number, column in enumerate(controls(name, [1.0, 2.0], stacked=stacked)):
        column.text_input(f"{name} {number}")
"""


def test_the_style_knows_both_kinds_of_rows():
    page = AppTest.from_string(_PAGE, default_timeout=60).run()
    assert not page.exception
    assert [box.label for box in page.text_input] == ["question 0", "question 1", "sides 0", "sides 1"]
    for kind in ("row", "pile"):
        assert f"st-key-controls-{kind}-" in NARROW_STYLE
