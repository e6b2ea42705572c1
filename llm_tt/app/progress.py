"""Long work on a page: what is going on, how far it is, and a button that stops it."""

import hashlib
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitDuplicateElementKey

from llm_tt.app.turns import Turns
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.number_words import percent_text
from llm_tt.settings import load_settings
from llm_tt.tracing.progress import Progress

turns: Final = Turns(load_settings().limits.runs_at_once)
"""Of everybody who visits this process."""

PATIENCE: Final = 0.4
"""Seconds before anything is shown: a bar that flashes says nothing."""

_STOPPED: Final = "stopped_work"


class WorkStopped(Exception):  # noqa: N818
    """Somebody stopped this work, and the page has said so; `errors_shown` leaves out what follows.

    Not `st.stop`: after that Streamlit keeps the fragments of the page before. One that is still asked for
    would be drawn at a place that is no more, and at that the browser takes the whole page away.
    """


_reserved: ContextVar[DeltaGenerator | None] = ContextVar("reserved", default=None)


@contextmanager
def place_for_progress() -> Iterator[None]:
    """Reserve a place here for all progress inside.

    Without it a bar that comes and goes would move what stands below, and Streamlit makes anew what it finds
    moved: the graph would lose its zoom.
    """
    before = _reserved.set(st.empty())
    try:
        yield
    finally:
        _reserved.reset(before)


@contextmanager
def progress_shown(
    label: str, work: Hashable, *, is_long: bool = False, steps_of: LanguageModel | None = None
) -> Iterator[Progress]:
    """A function to report to; whoever reports may be stopped there, by the button or by a new request.

    It begins when it is this visitor's turn, and until then says how many are before. Work in many steps
    names its model as `steps_of`: where others wait, they run in between, at reports that find it free.

    Streamlit ends a run that nobody waits for any more at the next thing that it shows. So each report is
    also the place where a change of the prompt takes hold. (Not in a fragment: that runs to its end.) What
    `is_long` for sure has its bar at once.
    """
    place = _reserved.get() or st.empty()
    if st.session_state.get(_STOPPED) == work:
        _show_stopped(place, label)
    bar = _Bar(place, label, work, is_long=is_long)
    with turns.taken(bar.show_place_in_line) as turn:
        page = threading.get_ident()

        def report(share: float) -> None:
            if threading.get_ident() != page:  # a backward pass on a GPU runs on threads that have no page
                return
            bar.show_share(share)
            if steps_of is not None and not steps_of.lock._is_owned():  # type: ignore[attr-defined]
                turn.let_others_go()

        if is_long:  # also before its first report
            report(0.0)
        yield report
    place.empty()


class _Bar:
    """What is going on, and the button that stops it; nothing before a person would begin to wonder."""

    def __init__(self, place: DeltaGenerator, label: str, work: Hashable, *, is_long: bool) -> None:
        self._place, self._label, self._work = place, label, work
        self._shown_from = time.monotonic() + (0 if is_long else PATIENCE)
        self._bar: DeltaGenerator | None = None

    def show_share(self, share: float) -> None:
        """How far it is."""
        self._show(min(share, 1.0), f"{self._label} {percent_text(min(share, 1.0), 0)}")

    def show_place_in_line(self, n_before: int) -> None:
        """How many have to end before this begins."""
        runs = "1 run is" if n_before == 1 else f"{n_before:,} runs are"
        self._show(0.0, f"Waiting: {runs} before yours.")

    def _show(self, share: float, text: str) -> None:
        if self._bar is None:
            if time.monotonic() < self._shown_from:
                _ = _STOPPED in st.session_state  # here, too, Streamlit ends what nobody waits for
                return
            with self._place.container(horizontal=True, vertical_alignment="center"):
                self._bar = st.progress(0.0, text)
                self._offer_stop()
        self._bar.progress(share, text)

    def _offer_stop(self) -> None:
        """A button; another one where this run of the page did the same work before and could not keep it."""
        for time_done in count():
            key = f"stop {self._label} {_name(self._work)}" + (f" {time_done}" if time_done else "")
            with suppress(StreamlitDuplicateElementKey):
                st.button("Stop", key=key, on_click=_stop, args=(self._work,))
                return


def _name(work: Hashable) -> str:
    """Tells apart works with one label, such as the same of two runs on one page."""
    return hashlib.sha256(repr(work).encode()).hexdigest()[:8]


def _stop(work: Hashable) -> None:
    st.session_state[_STOPPED] = work


def forget_stop() -> None:
    """What was stopped is taken up again when it is asked for."""
    st.session_state.pop(_STOPPED, None)


def _show_stopped(place: DeltaGenerator, label: str) -> None:
    with place.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Stopped: {label.rstrip(' …').lower()}.")
        st.button("Go on", on_click=forget_stop)
    raise WorkStopped


def take_stop(work: Hashable) -> bool:
    """Whether somebody stopped this work; asked once, it is forgotten."""
    if work is None or st.session_state.get(_STOPPED) != work:
        return False
    forget_stop()
    return True
