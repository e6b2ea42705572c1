"""A widget that shows what is kept elsewhere: a hand may change it, and the page as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from llm_tt.app.navigation import page_shown


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the browser has been told, or has told."""

    value: object
    page: str | None
    version: int


class BoundWidget:
    """Begin with it, draw the widget under its `key`, then say that it `is_drawn`.

    A value that the page changed stands in a new widget: with every message the browser repeats what each
    widget holds, and before it has heard of the change, what it repeats would be taken for chosen. What a
    hand chose stays where it is, and is not written again: that would go back to the browser, and overtake
    the next stroke. On another page Streamlit shows a widget under the same key as if it were empty.
    """

    def __init__(self, name: str, value: object) -> None:
        self._note = f"{name} is shown"
        last: _Shown | None = st.session_state.get(self._note)
        version = 0 if last is None else last.version + (last.value != value)
        self._now = _Shown(value, page_shown(), version)
        self.key = f"{name}-{version}" if version else name
        if last is None or last.page != self._now.page or self.key not in st.session_state:
            st.session_state[self.key] = value

    def on_change(self, take: Callable[[Any], object]) -> Callable[[], None]:
        """A callback for what a hand chose; `take` gives back what it keeps of it."""
        key, note, now = self.key, self._note, self._now

        def take_chosen() -> None:
            if st.session_state.get(note, now).version <= now.version:  # else of a widget that is gone
                st.session_state[note] = replace(now, value=take(st.session_state[key]))

        return take_chosen

    def is_drawn(self) -> None:
        """Not before: who goes on at once has not seen it, and has to be shown it again."""
        st.session_state[self._note] = self._now
