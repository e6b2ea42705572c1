"""A widget that shows what is kept elsewhere: a hand may change it, and the page as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import streamlit as st

from llm_tt.app.navigation import page_shown

T = TypeVar("T")


def last_chosen(key: str, at_first: T) -> T:
    """The default of a widget that keeps its own value."""
    return cast(T, st.session_state.get(key, at_first))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the browser is told, or has told."""

    value: object
    about: object
    page: str | None


class BoundWidget:
    """Begin with it, and draw the widget under its `key`, with the value as the widget's default.

    A default is what a browser shows of a widget whenever it draws it anew. What is written into the session
    instead is told once, and the run that would tell it may be stopped before it does.

    What the page changed, or what is `about` another thing, stands in a new widget: with every message the
    browser repeats what each widget holds, and before it has heard of the change, what it repeats would be
    taken for chosen. What a hand chose stays where it is.
    """

    def __init__(self, name: str, value: object, about: object = None) -> None:
        self._note = f"{name} is shown"
        now = _Shown(value, about, page_shown())
        last, version = st.session_state.get(self._note, (now, 0))
        self._version = version + (last != now)
        self._now = now
        self.key = f"{name}-{self._version}" if self._version else name
        st.session_state[self._note] = (now, self._version)

    def on_change(self, take: Callable[[Any], object]) -> Callable[[], None]:
        """A callback for what a hand chose; `take` gives back what it keeps of it."""
        key, note, now, version = self.key, self._note, self._now, self._version

        def take_chosen() -> None:
            if st.session_state[note][1] == version and key in st.session_state:  # else the widget is gone
                kept = take(st.session_state[key])
                st.session_state[note] = (replace(now, value=kept), version)

        return take_chosen
