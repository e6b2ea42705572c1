"""Flow: the graph of one prediction, what it is asked, and the inspector beside it."""

import streamlit as st

from llm_tt.app.basket_state import changed_since_shown
from llm_tt.app.cached import background, contributions_of, open_model, run_prompt
from llm_tt.app.chosen import (
    choose_part,
    choose_position,
    chosen_part,
    chosen_position,
    chosen_since_told,
    select_everywhere,
)
from llm_tt.app.components.flow import draw_flow
from llm_tt.app.flow_files import ask_for_file, hand_over
from llm_tt.app.flow_parts import Picture, payload_of, show_news
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.inspector import show_inspector
from llm_tt.app.notes import names_of, take_names_changed
from llm_tt.app.notices import errors_shown
from llm_tt.app.progress import place_for_progress
from llm_tt.app.question import ask_question
from llm_tt.app.view import View
from llm_tt.settings import AppSettings


def show_flow_page(settings: AppSettings) -> None:
    """The question, the graph and the inspector."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        picture = ask(frame)
        show_graph(frame.settings, picture)
    show_news(frame.settings, picture)


def ask(frame: Frame) -> Picture:
    """The question, and all that is needed to draw its answer."""
    with place_for_progress():
        position = chosen_position(frame.trace.prompt)
        edited = frame.edited
        question = ask_question(frame.model, frame.trace, position, is_edited=edited is not None)
        picture = Picture(
            edited if edited is not None and question.shown == "edited" else frame.run,
            question,
            frame.prompt_name,
            other_run=edited if question.shown == "difference" else None,
        )
        payload_of(picture)
    return picture


@st.fragment
def show_graph(settings: AppSettings, picture: Picture) -> None:
    """Everything that a click on the graph changes."""
    with errors_shown(settings), background.paused():
        run, question = picture.run, picture.question
        model, trace = open_model(run.spec), run_prompt(run)
        if chosen_position(trace.prompt) != question.target.position:
            st.rerun()  # another target was clicked: another question
        if chosen_since_told() or changed_since_shown() or take_names_changed():
            st.rerun()  # neither the news, of which the graph hears, nor the basket are in this fragment
        shares = contributions_of(run, question.method, question.target)
        graph, beside = st.columns([2.3, 1], gap="medium")
        with graph:
            draw_flow(
                payload_of(picture),
                prompt=picture.prompt,
                on_part=choose_part,
                on_position=choose_position,
                on_file=ask_for_file,
            )
            with errors_shown(settings):
                hand_over(settings, picture)
        with beside:
            if picture.other_run is not None:
                st.caption("What is read here is the base run.")
            names = names_of(settings, model)
            view = View(settings, model, trace, shares, question.target, names=names)
            show_inspector(view, chosen_part(trace, question.target.position), select_everywhere)
