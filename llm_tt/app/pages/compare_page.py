"""Compare: two runs side by side, and what became of each edge."""

import streamlit as st

from llm_tt.app.comparison.opening import take_wanted
from llm_tt.app.comparison.other_state import PROMPT, note_other, read_other
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.question import SIGNED_METHOD
from llm_tt.settings import AppSettings


def show_compare_page(settings: AppSettings) -> None:
    """Both sides, their graphs, and what differs."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    read_other()
    take_wanted(SIGNED_METHOD)
    st.text(str(st.session_state[PROMPT]))
    note_other()
