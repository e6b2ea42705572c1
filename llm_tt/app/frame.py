"""The frame of every page: prompt and model above, then whatever the page shows of the pass."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from llm_tt.app.cached import Run, background, run_prompt
from llm_tt.app.chosen import forget_for_other_prompt, prompt_has_come
from llm_tt.app.control_rows import box_and_beside
from llm_tt.app.interventions import show_interventions
from llm_tt.app.model_panel import open_chosen_model
from llm_tt.app.notes import names_of
from llm_tt.app.notices import errors_shown
from llm_tt.app.progress import place_for_progress
from llm_tt.app.prompt_box import offer_other_prompts, type_prompt
from llm_tt.app.question import forget_tokens
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.part_words import Names
from llm_tt.settings import AppSettings
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What every page begins with: one prompt's pass through one model."""

    settings: AppSettings
    run: Run
    model: LanguageModel
    trace: ForwardTrace
    edited: Run | None
    """The same with the visitor's interventions; None while there are none that act."""
    names: Names
    """What this person calls components."""
    prompt_name: str
    """Tells apart prompts and models; short, because it travels with every click."""


def show_framed(settings: AppSettings, show: Callable[[Frame], None]) -> None:
    """Prompt, model and interventions, then the page.

    All that takes long happens here and not in a fragment: Streamlit lets nothing interrupt a fragment,
    neither a change of mind nor the button that stops.
    """
    box, beside = box_and_beside("prompt")
    with box:
        text = type_prompt(settings)
    interventions = st.container()  # reserved, so that what stands below keeps its place
    with errors_shown(settings):
        with background.paused():
            with beside:
                spec, model = open_chosen_model(settings)
                offer_other_prompts(settings, model, text)
            with place_for_progress():
                run = Run(spec, text)
                trace = run_prompt(run)
                name = name_of_prompt(run, trace.prompt.token_ids)
                fresh = forget_for_other_prompt(name, len(trace.prompt) - 1)
                if fresh is not None:
                    forget_tokens(except_for=fresh)
                prompt_has_come(name)
                names = names_of(settings, model)
                with interventions:
                    edited = show_interventions(run, model, trace, names)
        show(Frame(settings, run, model, trace, edited, names, name))


def name_of_prompt(run: Run, token_ids: tuple[int, ...]) -> str:
    """The same for the same tokens in the same model."""
    return hashlib.sha256(repr((run.spec, token_ids)).encode()).hexdigest()[:16]
