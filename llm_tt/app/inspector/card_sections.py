"""Sections of cards: a heading, and one sentence where a model cannot show what belongs there."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from llm_tt.app.notices import plain
from llm_tt.errors import CapabilityError


@contextmanager
def section(heading: str, note: str = "") -> Iterator[None]:
    """A part of a card; what is switched off for this model is said in its place, and the rest goes on.

    Heading and note are ours; whatever comes from a prompt or a model must be escaped before.
    """
    with st.container(gap="xsmall"):
        st.markdown(f"**{heading}**" + (f"  \n:small[:gray[{note}]]" if note else ""))
        try:
            yield
        except CapabilityError as error:
            st.caption(plain(error.found))
