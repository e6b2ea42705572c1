"""What the other side of a comparison is: kept with the visit, and in the address for links."""

from typing import Final

import streamlit as st

from llm_tt.app.link import LONGEST_IN_LINK, note, read_once

PROMPT: Final = "b_prompt"
TOKEN: Final = "b_token"
CONTRAST: Final = "b_contrast"
METHOD: Final = "b_method"
MODEL: Final = "b_model"
EDITED: Final = "b_edited"
PAIRS: Final = "pairs"
"""A person's corrections of the alignment."""
PART: Final = "both"
"""The selected part, its positions counted in columns."""
TIMES: Final = "both_times"
"""How often something beside the graphs selected; they follow when this grows."""

ALL: Final = (PROMPT, TOKEN, CONTRAST, METHOD, MODEL, EDITED, PAIRS, PART)


def read_other() -> None:
    """On a first visit, believe the address."""
    if PART not in st.session_state:
        st.session_state[TIMES] = 1  # the graphs have to follow
    for name in ALL:
        read_once(name)


def note_other() -> None:
    """Write into the address what is not as in the first side; a long prompt does not fit."""
    for name in ALL:
        value = st.session_state.get(name)
        fits = isinstance(value, str) and 0 < len(value) <= LONGEST_IN_LINK
        note(name, value if fits else None)


def put_other_prompt(text: str, token: str | None = None, contrast: str | None = None) -> None:
    """Another prompt on the other side, with what is explained of it."""
    st.session_state[PROMPT] = text
    st.session_state[TOKEN], st.session_state[CONTRAST] = token, contrast
    st.session_state[PAIRS] = st.session_state[PART] = None


def forget_other() -> None:
    """The other side is as the first one again."""
    for name in ALL:
        st.session_state[name] = None
