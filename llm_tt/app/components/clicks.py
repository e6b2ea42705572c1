"""What is clicked in a component: reported before the page runs again, unless it was about another prompt."""

from collections.abc import Callable, Mapping

import streamlit as st


def report_click(key: str, prompt: str, field: str, content: str, report: Callable[[object], None]) -> None:
    """Pass on what a field of a component's state holds; clicks on a picture that is gone are passed over."""
    sent = (st.session_state.get(key) or {}).get(field)
    if isinstance(sent, Mapping) and sent.get("prompt") == prompt:
        report(sent.get(content))
