"""What a visitor did counts, also when the next message comes in the same instant."""

from contextlib import nullcontext
from dataclasses import replace
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from llm_tt.app import nothing_lost
from llm_tt.app.nothing_lost import lose_nothing


def _page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

    def take() -> None:
        get_script_run_ctx().script_requests.request_stop()  # as Streamlit does when a newer message comes
        st.session_state["taken"] = st.session_state["box"]

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text_input("Box", key="box", on_change=take)


@pytest.fixture(autouse=True)
def as_streamlit_has_it(monkeypatch):
    """Without what is tested here, whatever a test before has started."""
    changed = {
        SafeSessionState: ("__init__", "on_script_will_rerun", "on_script_finished"),
        ScriptRunner: ("start", "request_rerun"),
    }
    for owner, name in ((owner, name) for owner, names in changed.items() for name in names):
        now = getattr(owner, name)
        monkeypatch.setattr(owner, name, getattr(now, "__wrapped__", now))


def _type() -> AppTest:
    page = AppTest.from_function(_page).run()
    assert page.session_state["runs"] == 1
    return page.text_input(key="box").input("typed").run()


def test_streamlit_alone_still_breaks_off_callbacks():
    assert "taken" not in _type().session_state  # else the module can go


def test_a_callback_runs_to_its_end_and_the_newer_message_is_heard_right_after():
    lose_nothing()
    lose_nothing()
    page = _type()
    assert page.session_state["taken"] == "typed"
    assert page.session_state["runs"] == 1


class NewerMessageError(Exception):
    """Streamlit's way to put a run aside."""


def _put_aside() -> None:
    raise NewerMessageError


def test_a_message_that_was_taken_is_heard_before_a_newer_one():
    state = SafeSessionState(SessionState(), _put_aside)
    with pytest.raises(NewerMessageError):
        state.on_script_will_rerun(WidgetStates())
    lose_nothing()
    state.on_script_will_rerun(WidgetStates())
    with pytest.raises(NewerMessageError):
        _ = "anything" in state


class _Session:
    """Two messages about one box; each has its run, and the older one is asked to stop."""

    def __init__(self) -> None:
        self.state = SessionState()
        self.is_stopped = False
        self.older = SafeSessionState(self.state, self._stop_if_asked)
        self.newer = SafeSessionState(self.state, lambda: None)
        self.taken: list[str] = []
        box = WidgetMetadata(
            "box", str, str, "string_value", callback=lambda: self.taken.append(self.state["box"])
        )
        self.state.register_widget(box, "box")
        self.state.register_widget(WidgetMetadata("button", bool, bool, "trigger_value"), "button")

    def _stop_if_asked(self) -> None:
        if self.is_stopped:
            raise NewerMessageError

    def hear(self, run: SafeSessionState, text: str) -> None:
        ThreadState.initialize()  # callbacks note where they run
        box, button = (
            WidgetState(id="box", string_value=text),
            WidgetState(id="button", trigger_value=True),
        )
        run.on_script_will_rerun(WidgetStates(widgets=[box, button]))


def _hear_newer_first() -> _Session:
    """The older thread looks for messages, waits for the machine, and goes on after the newer one."""
    session = _Session()
    looked = session.older._yield_callback

    def look_and_wait() -> None:
        object.__setattr__(session.older, "_yield_callback", looked)
        session.is_stopped = True
        session.hear(session.newer, "newer")

    object.__setattr__(session.older, "_yield_callback", look_and_wait)
    return session


def test_streamlit_alone_still_lets_an_older_message_overtake_a_newer_one():
    session = _hear_newer_first()
    session.hear(session.older, "older")
    assert session.taken == ["newer", "older"]  # else the order need not be kept here


def test_a_newer_message_has_the_last_word():
    lose_nothing()
    session = _Session()
    session.is_stopped = True
    session.hear(session.newer, "newer")
    with pytest.raises(NewerMessageError):
        session.hear(session.older, "older")
    assert session.taken == ["newer"]
    assert session.newer["box"] == "newer"


def test_messages_in_their_order_are_both_heard():
    lose_nothing()
    session = _Session()
    session.is_stopped = True
    session.hear(session.older, "older")
    session.hear(session.newer, "newer")
    assert session.taken == ["older", "newer"]


def test_what_was_sent_to_a_run_that_never_began_is_heard_by_the_next_though_it_opens_another_page():
    lose_nothing()
    session = _Session()
    typed = WidgetStates(widgets=[WidgetState(id="box", string_value="typed")])
    nothing_lost._lock_of(session.older).note(RerunData(widget_states=typed))
    session.is_stopped = True
    ThreadState.initialize()
    session.newer.on_script_finished(frozenset())  # Streamlit clears away what the next page does not have
    assert session.taken == ["typed"]
    session.newer.on_script_will_rerun(WidgetStates())
    with pytest.raises(NewerMessageError):
        session.older.on_script_will_rerun(typed)
    assert session.taken == ["typed"]
    assert nothing_lost._lock_of(session.newer).order.unheard == []


def test_a_run_notes_what_it_is_sent():
    lose_nothing()
    page = AppTest.from_function(_page).run()
    page.text_input(key="box").input("typed")
    order = nothing_lost._lock_of(page._session_state).order
    noted = []
    order.unheard = _Kept(noted)
    page.run()
    assert "typed" in str(noted)


class _Kept(list):
    """A list whose entries are also put elsewhere."""

    def __init__(self, elsewhere: list) -> None:
        self._elsewhere = elsewhere

    def append(self, entry) -> None:
        self._elsewhere.append(entry)


def test_an_older_run_changes_nothing_that_a_newer_one_has():
    lose_nothing()
    session = _Session()
    session.hear(session.newer, "newer")
    session.older.on_script_finished(frozenset())  # no click counts after its run
    assert session.newer["button"]
    session.is_stopped = True
    with pytest.raises(NewerMessageError), session.older._lock:  # it had looked before it came here
        pass
    session.newer.on_script_finished(frozenset())
    assert not session.newer["button"]


def test_a_newer_run_waits_until_the_older_message_is_heard():
    lose_nothing()
    session = _Session()
    is_in_callback, may_end = Event(), Event()
    taken, is_pressed = session.taken, []

    class Slow(list):
        def append(self, text: str) -> None:
            is_in_callback.set()
            may_end.wait(10)
            is_pressed.append(session.state["button"])
            taken.append(text)

    def begin_newer() -> None:
        session.newer.on_script_finished(frozenset())  # so does Streamlit before it hears a message
        session.hear(session.newer, "newer")

    session.taken = Slow()
    older, newer = Thread(target=session.hear, args=(session.older, "older")), Thread(target=begin_newer)
    older.start()
    assert is_in_callback.wait(10)
    session.is_stopped = True
    newer.start()
    newer.join(0.1)
    assert newer.is_alive()
    may_end.set()
    for thread in (older, newer):
        thread.join(10)
    assert taken == ["older", "newer"]
    assert is_pressed == [True, True]


class FullRunError(Exception):
    """The whole page is made anew."""


@pytest.mark.parametrize(
    ("fragments", "is_whole"), [(["news"], True), (["graph", "news"], False), (None, False)]
)
def test_what_is_sent_along_with_a_fragments_question_is_more_than_that(monkeypatch, fragments, is_whole):
    def rerun() -> None:
        raise FullRunError

    lose_nothing()
    session = _Session()
    for name, fragment in (("box", "graph"), ("button", "news")):
        metadata = session.state._new_widget_state.widget_metadata[name]
        session.state._new_widget_state.widget_metadata[name] = replace(metadata, fragment_id=fragment)
    context = SimpleNamespace(fragment_ids_this_run=fragments)
    monkeypatch.setattr(nothing_lost, "get_script_run_ctx", lambda **_: context)
    monkeypatch.setattr(nothing_lost.st, "rerun", rerun)
    with pytest.raises(FullRunError) if is_whole else nullcontext():
        session.hear(session.newer, "typed")
    assert session.taken == ["typed"]  # whatever is run
    session.hear(session.newer, "typed")  # now it is only the button of the fragment
