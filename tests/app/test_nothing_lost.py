"""What a visitor did counts, also when the next message comes in the same instant."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from llm_tt.app.nothing_lost import lose_nothing


def _page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

    def take() -> None:
        get_script_run_ctx().script_requests.request_stop()  # as Streamlit does when a newer message comes
        st.session_state["taken"] = st.session_state["box"]

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text_input("Box", key="box", on_change=take)


@pytest.fixture
def as_streamlit_has_it(monkeypatch):
    """Without what is tested here, whatever a test before has started."""
    now = SafeSessionState.on_script_will_rerun
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", getattr(now, "__wrapped__", now))


def _type() -> AppTest:
    page = AppTest.from_function(_page).run()
    assert page.session_state["runs"] == 1
    return page.text_input(key="box").input("typed").run()


@pytest.mark.usefixtures("as_streamlit_has_it")
def test_streamlit_alone_still_breaks_off_callbacks():
    assert "taken" not in _type().session_state  # else the module can go


@pytest.mark.usefixtures("as_streamlit_has_it")
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


@pytest.mark.usefixtures("as_streamlit_has_it")
def test_a_message_that_was_taken_is_heard_before_a_newer_one():
    state = SafeSessionState(SessionState(), _put_aside)
    with pytest.raises(NewerMessageError):
        state.on_script_will_rerun(WidgetStates())
    lose_nothing()
    state.on_script_will_rerun(WidgetStates())
    with pytest.raises(NewerMessageError):
        _ = "anything" in state
