"""The position whose prediction is looked at, as a menu."""

import streamlit as st

from llm_tt.app.chosen import choose_position, chosen_position
from llm_tt.model.prompt import Prompt
from llm_tt.render.position_axis import position_name

_KEY = "position-box"


def choose_position_in_menu(prompt: Prompt) -> int:
    """The same choice as on the graph."""
    position = chosen_position(prompt)
    st.session_state[_KEY] = position
    st.selectbox(
        "Prediction after",
        range(len(prompt)),
        key=_KEY,
        format_func=lambda at: position_name(at, prompt.token_strings[at]),
        on_change=lambda: choose_position(st.session_state[_KEY]),
    )
    return position
