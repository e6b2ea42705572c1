"""Messages are heard whole and in their order, however quickly one follows the other.

Streamlit gives each message of the browser a run in a thread of its own, and asks the run before to stop.
Left alone, that loses what a hand did: a message whose run is stopped before it began is never heard; the
older thread may be the later one to hear, so that what was typed first gets the last word; a callback is
broken off at its next touch of the state, by when its widget's change has been noted, so that nobody calls it
again; and what happens at once is sent together, as the message of one fragment, which alone is run.
"""

import functools
import logging
import threading
from collections.abc import Callable
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

P = ParamSpec("P")
T = TypeVar("T")
OfState = Callable[Concatenate[SafeSessionState, P], None]
OfRunner = Callable[Concatenate[ScriptRunner, P], T]


def lose_nothing() -> None:
    """For the whole server, once; a second call does nothing."""
    changes: dict[tuple[type, str], Callable[[Any], Callable[..., Any]]] = {
        (ScriptRunner, "start"): _first_message_noted,
        (ScriptRunner, "request_rerun"): _message_noted,
        (SafeSessionState, "__init__"): _in_line,
        (SafeSessionState, "on_script_will_rerun"): _heard_whole,
        (SafeSessionState, "on_script_finished"): _unless_overtaken,
    }
    for (owner, name), changed in changes.items():
        original = getattr(owner, name)
        if not hasattr(original, "__wrapped__"):
            setattr(owner, name, functools.wraps(original)(changed(original)))


class _Order:
    """Of the runs of one session, and of their messages."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.last_heard = 0
        self.unheard: list[tuple[int, WidgetStates]] = []
        """Messages with the numbers of their runs."""
        self.hearing = threading.RLock()
        """Held while a message is heard, with its callbacks. Runs wait for it as they begin and end, when
        they hold nothing themselves."""
        self.touching = threading.RLock()
        """Held for an instant, whenever a run reads or writes the state."""


class _RunLock:
    """Stands where Streamlit has a lock of the run alone: knows the session's other runs, too."""

    def __init__(self, order: _Order, stop_if_asked: Callable[[], None]) -> None:
        self.order = order
        self._number = next(order.numbers)
        self._stop_if_asked = stop_if_asked

    def note(self, data: RerunData) -> None:
        """A message that this run is to hear."""
        if data.widget_states is not None:
            with self.order.touching:
                self.order.unheard.append((self._number, data.widget_states))

    def is_overtaken(self) -> bool:
        """Whether a newer run has taken over."""
        return self.order.last_heard > self._number

    def take_over(self) -> list[WidgetStates]:
        """From now on older runs leave the state alone; what they were to hear and have not is given back."""
        order = self.order
        with order.touching:
            order.last_heard = max(order.last_heard, self._number)
            missed = [states for number, states in order.unheard if number < self._number]
            order.unheard = [entry for entry in order.unheard if entry[0] >= self._number]
        return missed

    def has_heard(self) -> None:
        """Its own messages."""
        with self.order.touching:
            self.order.unheard = [entry for entry in self.order.unheard if entry[0] > self._number]

    def __enter__(self) -> None:
        self.order.touching.acquire()
        if self.is_overtaken():
            try:
                self._stop_if_asked()
            except BaseException:
                self.order.touching.release()
                raise

    def __exit__(self, *_: object) -> None:
        self.order.touching.release()


def _lock_of(state: SafeSessionState) -> _RunLock:
    if not isinstance(state._lock, _RunLock):
        # The session has no room for more; this part of it does, and lives as long.
        order = vars(state._state.query_params).setdefault("_order_of_runs", _Order())
        object.__setattr__(state, "_lock", _RunLock(order, state._yield_callback))
    return cast(_RunLock, state._lock)


def _in_line(begin: OfState[P]) -> OfState[P]:
    """From the start: runs are made in the order of their messages."""

    def begin_in_line(state: SafeSessionState, /, *args: P.args, **options: P.kwargs) -> None:
        begin(state, *args, **options)
        _lock_of(state)

    return begin_in_line


def _first_message_noted(start: OfRunner[[], None]) -> OfRunner[[], None]:
    def start_noted(runner: ScriptRunner) -> None:
        _lock_of(runner._session_state).note(runner._requests._rerun_data)
        start(runner)

    return start_noted


def _message_noted(request: OfRunner[[RerunData], bool]) -> OfRunner[[RerunData], bool]:
    def request_noted(runner: ScriptRunner, rerun_data: RerunData) -> bool:
        is_taken = request(runner, rerun_data)
        if is_taken:
            _lock_of(runner._session_state).note(rerun_data)
        return is_taken

    return request_noted


def _catch_up(state: SafeSessionState) -> None:
    """Hear what was sent to older runs, which have been stopped before they heard it."""
    for missed in _lock_of(state).take_over():
        try:
            state._state.on_script_will_rerun(missed)
        except Exception:  # there is no page yet to say it on, and what came after has to be heard, too
            logging.getLogger("llm_tt").exception("A message of the browser could not be heard.")


def _heard_whole(_hear: OfState[P]) -> OfState[P]:
    """In its turn, and without looking for newer messages; Streamlit looks right after."""

    def hear_whole(state: SafeSessionState, /, *args: P.args, **options: P.kwargs) -> None:
        lock, look_for_messages = _lock_of(state), state._yield_callback
        with lock.order.hearing:
            if lock.is_overtaken():  # the newer run has heard this, too
                look_for_messages()
            object.__setattr__(state, "_yield_callback", lambda: None)
            try:
                _catch_up(state)
                lock.has_heard()
                state._state.on_script_will_rerun(*args, **options)  # type: ignore[arg-type]
            finally:
                object.__setattr__(state, "_yield_callback", look_for_messages)
        if _changes_more_than_its_fragments(state._state):
            st.rerun()

    return hear_whole


def _changes_more_than_its_fragments(session: SessionState) -> bool:
    ctx = get_script_run_ctx(suppress_warning=True)
    if ctx is None or not ctx.fragment_ids_this_run:
        return False
    widgets = session._new_widget_state
    changed = (widgets.widget_metadata.get(name) for name in widgets if session._widget_changed(name))
    return any(widget and widget.fragment_id not in ctx.fragment_ids_this_run for widget in changed)


def _unless_overtaken(finish: OfState[P]) -> OfState[P]:
    """What an older run has not drawn is not cleared away under a newer one.

    Streamlit also calls this before a run hears its message. One that opens another page says nothing of the
    widgets of this page: what came before is heard before they are cleared away.
    """

    def finish_unless_overtaken(state: SafeSessionState, /, *args: P.args, **options: P.kwargs) -> None:
        lock = _lock_of(state)
        with lock.order.hearing:
            if not lock.is_overtaken():
                _catch_up(state)
                with lock.order.touching:
                    finish(state, *args, **options)

    return finish_unless_overtaken
