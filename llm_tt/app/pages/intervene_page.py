"""Intervene: what the interventions change in the prediction, and in what the model writes."""

import streamlit as st

from llm_tt.app.basket_form import offer_edit_by_name, offer_file
from llm_tt.app.basket_state import current_basket
from llm_tt.app.cached import background
from llm_tt.app.control_rows import controls
from llm_tt.app.effect_section import show_effect
from llm_tt.app.first_edits import offer_first_edits
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.generation import show_generation
from llm_tt.app.position_box import choose_position_in_menu
from llm_tt.app.question import ask_tokens, target_as_chosen
from llm_tt.settings import AppSettings

NOTHING_YET = (
    "Nothing is changed yet. Click a head, a neuron, an MLP or an edge on the pages Flow or Trace and choose "
    "“Intervene” on its card, or add one by name. Everything that you change is listed above, on every page."
)
ALL_OFF = "Nothing acts: all interventions above are switched off, or cannot act here."


def show_intervene_page(settings: AppSettings) -> None:
    """Effect, then texts."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        columns = controls("intervene", [1.4, 2.6, 2.0])
        with columns[0]:
            position = choose_position_in_menu(frame.trace.prompt)
        with columns[1]:
            ask_tokens(frame.model, frame.trace, position)
        with columns[2], st.container(horizontal=True, gap="small"):
            offer_edit_by_name(frame.run, frame.trace.n_layers, position)
            offer_file()
        target = target_as_chosen(frame.model, frame.trace, position)
        if frame.edited is None:
            if current_basket().items:
                st.info(ALL_OFF)
            else:
                st.info(NOTHING_YET)
                offer_first_edits(frame, target)
            return
        st.subheader("Effect on the prediction")
        show_effect(frame, frame.edited, target)
        st.subheader("Effect on what the model writes")
        show_generation(frame, frame.edited)
