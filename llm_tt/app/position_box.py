"""The position whose prediction is looked at, as a menu."""

import streamlit as st

from llm_tt.app.bound_widget import BoundWidget
from llm_tt.app.chosen import choose_position, chosen_position
from llm_tt.model.prompt import Prompt
from llm_tt.render.position_axis import position_name


def choose_position_in_menu(prompt: Prompt) -> int:
    """The same choice as on the graph."""
    position = chosen_position(prompt)
    menu = BoundWidget("position-box", position, about=prompt.token_strings)

    def take(chosen: int | None) -> int | None:
        choose_position(chosen)
        return chosen

    st.selectbox(
        "Prediction after",
        range(len(prompt)),
        position,
        key=menu.key,
        format_func=lambda at: position_name(at, prompt.token_strings[at]),
        on_change=menu.on_change(take),
    )
    return position
