"""A box for a long text, which a person types and which the page may change as well."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from llm_tt.app.navigation import page_shown


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the browser has been told, or has told."""

    text: str
    page: str | None
    version: int


def text_box(label: str, name: str, text: str, longest: int | None, take: Callable[[str], None]) -> None:
    """Show a text; `take` what is typed.

    A text that the page changed stands in a new box: with every message the browser repeats what each box
    holds, and before it has heard of the change, what it repeats would be taken for typed. What a hand typed
    stays where it is, and is not written again: that would go back to the browser, and overtake the next
    letters. On another page Streamlit shows a box under the same name as if it were empty.
    """
    note = f"{name} is shown"
    last: _Shown | None = st.session_state.get(note)
    version = 0 if last is None else last.version + (last.text != text)
    key = f"{name}-{version}" if version else name
    if last is None or last.page != page_shown() or key not in st.session_state:
        st.session_state[key] = text
    now = _Shown(text, page_shown(), version)

    def take_typed() -> None:
        if st.session_state.get(note, now).version != version:
            return  # of a box that is not there any more
        typed = st.session_state[key] or ""
        st.session_state[note] = _Shown(typed, now.page, now.version)
        take(typed)

    st.text_area(label, key=key, height=68, max_chars=longest, on_change=take_typed)
    st.session_state[note] = now  # not before: who goes on at once has not seen it
