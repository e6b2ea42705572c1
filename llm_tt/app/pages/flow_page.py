"""Flow: the graph of one prediction, what it is asked, and the inspector beside it."""

import hashlib

import streamlit as st

from llm_tt.app.cached import Run, background, contributions_of, open_model, run_prompt
from llm_tt.app.chosen import (
    choose_part,
    choose_position,
    chosen_part,
    chosen_position,
    chosen_since_told,
    forget_for_other_prompt,
    select_everywhere,
)
from llm_tt.app.components.flow import draw_flow
from llm_tt.app.flow_parts import Picture, payload_of, show_news
from llm_tt.app.inspector import show_inspector
from llm_tt.app.model_panel import open_chosen_model
from llm_tt.app.notices import errors_shown
from llm_tt.app.progress import place_for_progress
from llm_tt.app.prompt_box import offer_other_prompts, type_prompt
from llm_tt.app.question import ask_question, forget_tokens
from llm_tt.app.view import View
from llm_tt.model.language_model import LanguageModel
from llm_tt.settings import AppSettings


def show_flow_page(settings: AppSettings) -> None:
    """Prompt and model, then the question, the graph and the inspector.

    All that takes long happens here and not in a fragment: Streamlit lets nothing interrupt a fragment,
    neither a change of mind nor the button that stops.
    """
    box, beside = st.columns([4, 1], gap="medium")
    with box:
        text = type_prompt(settings)
    with errors_shown(settings):
        with background.paused():
            with beside:
                spec, model = open_chosen_model(settings)
                offer_other_prompts(settings, model, text)
            picture = ask(Run(spec, text), model)
            show_graph(settings, picture)
        show_news(settings, picture)


def ask(run: Run, model: LanguageModel) -> Picture:
    """The question, and all that is needed to draw its answer."""
    with place_for_progress():
        trace = run_prompt(run)
        name = name_of_prompt(run, trace.prompt.token_ids)
        if forget_for_other_prompt(name):
            forget_tokens()
        question = ask_question(model, trace, chosen_position(trace.prompt))
        picture = Picture(run, question, name)
        payload_of(picture)
    return picture


@st.fragment
def show_graph(settings: AppSettings, picture: Picture) -> None:
    """Everything that a click on the graph changes."""
    with errors_shown(settings), background.paused():
        run, question = picture.run, picture.question
        trace = run_prompt(run)
        if chosen_position(trace.prompt) != question.target.position:
            st.rerun()  # another target was clicked: another question
        if chosen_since_told():
            st.rerun()  # the graph hears of it by the news, which are not in this fragment
        shares = contributions_of(run, question.method, question.target)
        graph, beside = st.columns([2.3, 1], gap="medium")
        with graph:
            draw_flow(
                payload_of(picture), prompt=picture.prompt, on_part=choose_part, on_position=choose_position
            )
        with beside:
            view = View(settings, open_model(run.spec), trace, shares, question.target)
            show_inspector(view, chosen_part(trace, question.target.position), select_everywhere)


def name_of_prompt(run: Run, token_ids: tuple[int, ...]) -> str:
    """Tells apart what is on the graph; short, because it travels with every click."""
    return hashlib.sha256(repr((run.spec, token_ids)).encode()).hexdigest()[:16]
