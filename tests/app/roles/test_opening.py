"""From a number to the graph of a prompt: what the number is of is chosen there."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    """A page with a button, and the place where it leads."""
    import streamlit as st

    import llm_tt
    from llm_tt.app.navigation import run_pages
    from llm_tt.app.roles.opening import open_in_flow
    from llm_tt.settings import load_settings
    from llm_tt.summaries.prompts_behind import PromptBehind

    spec = llm_tt.ModelSpec("small-world")
    found = PromptBehind(1, "The capital of France is", None, 4, " Paris", " Rome", True, 0.1, 2.0, 1, None)

    def here(settings):
        for method in ("relp", "ifr"):
            if st.button(method):
                open_in_flow(spec, llm_tt.load_model(spec), found, "L2H1", method)

    run_pages(load_settings(), {"Here": here, "Flow": lambda settings: st.text("there")})


def opened(which: int) -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    page.button[which].click().run()
    assert not page.exception
    return page


def test_prompt_position_component_and_question():
    state = opened(0).session_state
    assert state["prompt_text"] == "The capital of France is"
    assert (state["at"], state["select"]) == (4, "L2H1@4")
    assert (state["method"], state["token"], state["contrast"]) == ("relp", "·Paris", "·Rome")


def test_flow_routes_know_no_target():
    state = opened(1).session_state
    assert (state["method"], state["token"], state["contrast"]) == ("ifr", None, None)
