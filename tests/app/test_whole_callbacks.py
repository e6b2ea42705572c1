"""What a visitor did counts, also when the next message comes in the same instant."""

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from llm_tt.app.whole_callbacks import let_callbacks_finish


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
    let_callbacks_finish()
    let_callbacks_finish()
    page = _type()
    assert page.session_state["taken"] == "typed"
    assert page.session_state["runs"] == 1
