"""The head, MLP or neuron that was clicked on the page Roles; kept with the visit, and in the address."""

from typing import Final

import streamlit as st

from llm_tt.app.link import note, read_once

_KEY: Final = "component"


def chosen_component(known: tuple[str, ...]) -> str | None:
    """What was clicked, if these rows know it; else the first of them."""
    read_once(_KEY)
    chosen = st.session_state[_KEY]
    first = known[0] if known else None
    chosen = chosen if chosen in known else first
    note(_KEY, None if chosen == first else chosen)
    return chosen


def is_chosen() -> bool:
    """Whether a person chose it; else it is the strongest."""
    return st.session_state[_KEY] is not None


def choose_component(name: object) -> None:
    """For callbacks: what a browser sends is checked when it is read."""
    st.session_state[_KEY] = name if isinstance(name, str) else None
