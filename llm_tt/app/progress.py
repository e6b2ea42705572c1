"""Long work on a page: what is going on, how far it is, and a button that stops it."""

import hashlib
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from llm_tt.tracing.progress import Progress

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
def progress_shown(label: str, work: Hashable, *, is_long: bool = False) -> Iterator[Progress]:
    """A function to report to; whoever reports may be stopped there, by the button or by a new request.

    Streamlit ends a run that nobody waits for any more at the next thing that it shows. So each report is
    also the place where a change of the prompt takes hold. (Not in a fragment: that runs to its end.) What
    `is_long` for sure has its bar at once.
    """
    place = _reserved.get() or st.empty()
    if st.session_state.get(_STOPPED) == work:
        _show_stopped(place, label)
    begun = time.monotonic()
    page = threading.get_ident()
    bar = None

    def report(share: float) -> None:
        nonlocal bar
        if threading.get_ident() != page:  # a backward pass on a GPU runs on threads that have no page
            return
        if bar is None:
            if time.monotonic() - begun < (0 if is_long else PATIENCE):
                return
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0, label)
                st.button("Stop", key=f"stop {label} {_name(work)}", on_click=_stop, args=(work,))
        bar.progress(min(share, 1.0), f"{label} {min(share, 1.0):.0%}")

    if is_long:  # also before its first report
        report(0.0)
    yield report
    place.empty()


def _name(work: Hashable) -> str:
    """Tells apart works with one label, such as the same of two runs on one page."""
    return hashlib.sha256(repr(work).encode()).hexdigest()[:8]


def _stop(work: Hashable) -> None:
    st.session_state[_STOPPED] = work


def _go_on() -> None:
    st.session_state.pop(_STOPPED, None)


def _show_stopped(place: DeltaGenerator, label: str) -> None:
    with place.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Stopped: {label.rstrip(' …').lower()}.")
        st.button("Go on", on_click=_go_on)
    raise WorkStopped


def take_stop(work: Hashable) -> bool:
    """Whether somebody stopped this work; asked once, it is forgotten."""
    if work is None or st.session_state.get(_STOPPED) != work:
        return False
    _go_on()
    return True
