"""A widget that shows what is kept elsewhere: a hand may change it, and the page as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import streamlit as st

from llm_tt.app.navigation import page_shown

T = TypeVar("T")


def last_chosen(key: str, at_first: T) -> T:
    """The default of a widget that keeps its own value."""
    value = cast(T, st.session_state.get(key, at_first))
    _tell_on_another_page(key, key, value)
    return value


def _tell_on_another_page(name: str, key: str, value: object) -> None:
    """A browser may still have what the widget showed when that page was open last."""
    place, page = f"{name} is shown on", page_shown()
    if st.session_state.get(place, page) != page:
        st.session_state[key] = value
    st.session_state[place] = page


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the browser is told, or has told."""

    value: object
    about: object


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
        self._now = _Shown(value, about)
        last, version = st.session_state.get(self._note, (self._now, 0))
        self._version = version + (last != self._now)
        self.key = f"{name}-{self._version}" if self._version else name
        st.session_state[self._note] = (self._now, self._version)
        _tell_on_another_page(name, self.key, value)

    def on_change(self, take: Callable[[Any], object]) -> Callable[[], None]:
        """A callback for what a hand chose; `take` gives back what it keeps of it."""
        key, note, now, version = self.key, self._note, self._now, self._version

        def take_chosen() -> None:
            last, latest = st.session_state[note]
            was_changed = latest != version and last.value != now.value
            if was_changed or key not in st.session_state:  # it is a late word
                return
            kept = take(st.session_state[key])
            if latest == version:
                st.session_state[note] = (replace(now, value=kept), version)

        return take_chosen
