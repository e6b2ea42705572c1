"""What a page without a graph is about: a position, a target, and the base or the edited run."""

import streamlit as st

from llm_tt.app.cached import Run, contributions_of, run_prompt
from llm_tt.app.frame import Frame
from llm_tt.app.position_box import choose_position_in_menu
from llm_tt.app.progress import place_for_progress
from llm_tt.app.question import ask_run, ask_tokens, target_as_chosen
from llm_tt.app.view import View
from llm_tt.attribution.method_list import DEFAULT_METHOD


def ask_traced_run(frame: Frame, key: str) -> tuple[Run, View]:
    """A row of controls; each page keeps its own choice of the run under a key."""
    columns = st.columns([1.4, 2.6, 1.4], gap="small", vertical_alignment="bottom")
    with columns[0]:
        position = choose_position_in_menu(frame.trace.prompt)
    with columns[1]:
        ask_tokens(frame.model, frame.trace, position)
    run = frame.run
    if frame.edited is not None:
        with columns[2]:
            run = frame.edited if ask_run(("base", "edited"), key) == "edited" else frame.run
    target = target_as_chosen(frame.model, frame.trace, position)
    with place_for_progress():
        shares = contributions_of(run, DEFAULT_METHOD, target)
    return run, View(frame.settings, frame.model, run_prompt(run), shares, target, names=frame.names)
