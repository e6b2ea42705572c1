"""What a visitor did counts, also when the next message comes in the same instant."""

import tomllib

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from llm_tt.app.nothing_lost import lose_nothing
from llm_tt.settings import bundled


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
    fold = script_requests._coalesce_widget_states
    monkeypatch.setattr(script_requests, "_coalesce_widget_states", getattr(fold, "__wrapped__", fold))


def _type() -> AppTest:
    page = AppTest.from_function(_page).run()
    assert page.session_state["runs"] == 1
    return page.text_input(key="box").input("typed").run()


@pytest.mark.usefixtures("as_streamlit_has_it")
def test_streamlit_alone_still_breaks_off_callbacks():
    assert "taken" not in _type().session_state  # else that half of the module can go


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


def _states(**values: str) -> WidgetStates:
    return WidgetStates(widgets=[WidgetState(id=name, string_value=text) for name, text in values.items()])


def _heard_together(older: WidgetStates | None, newer: WidgetStates | None) -> dict[str, str]:
    requests = ScriptRequests()
    requests.request_rerun(RerunData(widget_states=older, page_script_hash="the first page"))
    requests.request_rerun(RerunData(widget_states=newer, page_script_hash="another page"))
    heard = requests.on_scriptrunner_ready().rerun_data
    assert heard.page_script_hash == "another page"
    return {} if heard.widget_states is None else {s.id: s.string_value for s in heard.widget_states.widgets}


@pytest.mark.usefixtures("as_streamlit_has_it")
def test_streamlit_alone_still_forgets_the_older_of_two_messages():
    assert _heard_together(_states(prompt="typed"), _states(menu="chosen")) == {"menu": "chosen"}


@pytest.mark.usefixtures("as_streamlit_has_it")
@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (_states(prompt="typed"), _states(menu="chosen"), {"prompt": "typed", "menu": "chosen"}),
        (_states(prompt="typed"), _states(prompt="and again"), {"prompt": "and again"}),
        (_states(prompt="typed"), None, {"prompt": "typed"}),
        (None, _states(menu="chosen"), {"menu": "chosen"}),
        (None, None, {}),
    ],
)
def test_messages_that_wait_together_are_heard_together(older, newer, expected):
    lose_nothing()
    assert _heard_together(older, newer) == expected


def test_a_session_has_one_runner_for_all_of_its_messages():
    settings = tomllib.loads(bundled(".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["fastReruns"] is False
