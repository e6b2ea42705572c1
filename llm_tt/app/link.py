"""The address of the page: everything that matters is in it, so that a link opens the same view."""

from collections.abc import Collection

import streamlit as st


def read_once(name: str, known: Collection[str] | None = None) -> None:
    """On a first visit, believe the address; what is not among `known` is passed over."""
    if name in st.session_state:
        return
    value = st.query_params.get(name)
    st.session_state[name] = value if known is None or value in known else None


def note(name: str, value: str | None) -> None:
    """Write into the address; an unchanged value is not written, since each writing adds to the history."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
