"""The address of the page: everything that matters is in it, so that a link opens the same view."""

from collections.abc import Collection
from typing import Final

import streamlit as st

LONGEST_IN_LINK: Final = 1500
"""Characters of one thing; servers refuse longer addresses when the page is reloaded."""

_NOTED: Final = "noted_in_link"


def read_once(name: str, known: Collection[str] | None = None) -> None:
    """On a first visit, believe the address; what is not among `known` is passed over."""
    if name in st.session_state:
        return
    value = st.query_params.get(name)
    st.session_state[name] = value if known is None or value in known else None


def note(name: str, value: str | None) -> None:
    """Write into the address; an unchanged value is not written, since each writing adds to the history.

    What Streamlit knows of the address is what the browser last told, and that may be older than what we last
    wrote: so we remember that ourselves, and write anew where the two differ.
    """
    noted = st.session_state.setdefault(_NOTED, {})
    is_there = st.query_params.get(name)
    if is_there == value and noted.setdefault(name, value) == value:
        return
    if value is not None:
        st.query_params[name] = value
    elif is_there is not None or noted.get(name) is not None:
        st.query_params[name] = ""  # removing what is not there would tell the browser nothing
        del st.query_params[name]
    noted[name] = value
