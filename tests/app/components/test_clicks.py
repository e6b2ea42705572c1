"""A click counts for the picture that it was made on."""

import pytest
import streamlit as st

from llm_tt.app.components.clicks import report_click


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"selection": {"prompt": "this", "part": "L0"}}, ["L0"]),
        ({"selection": {"prompt": "this"}}, [None]),
        ({"selection": {"prompt": "another", "part": "L0"}}, []),
        ({"selection": "text"}, []),
        ({}, []),
        (None, []),
    ],
)
def test_what_is_reported(monkeypatch, state, told):
    monkeypatch.setattr(st, "session_state", {"graph": state})
    heard: list[object] = []
    report_click("graph", "this", "selection", "part", heard.append)
    assert heard == told
