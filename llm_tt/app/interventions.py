"""The interventions of a visitor, made: which of them can act here, the edited run, and what it changes."""

import streamlit as st
from jaxtyping import Float
from torch import Tensor

from llm_tt.app.basket_panel import show_basket_head, show_basket_rows
from llm_tt.app.basket_state import can_undo, current_basket, is_in_link, mark_as_shown, take_refusal
from llm_tt.app.cached import Run, run_prompt
from llm_tt.app.chosen import chosen_position
from llm_tt.app.notices import plain, show_error
from llm_tt.attribution.divergence import divergence
from llm_tt.errors import InterventionError, LlmTtError
from llm_tt.intervention.checking import check_edits
from llm_tt.intervention.edits import Edit
from llm_tt.lens.token_ranking import rank_logits
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.number_words import percent_text
from llm_tt.render.part_words import Names
from llm_tt.render.position_axis import position_name
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace

UNCHANGED = 1e-9
"""Nats; less is rounding."""


def show_interventions(run: Run, model: LanguageModel, trace: ForwardTrace, names: Names) -> Run | None:
    """The basket, where there is one; the run with all of it that can act, or None."""
    try:
        basket = current_basket()
    except InterventionError as error:  # a damaged link; from now on the basket is empty
        show_error(error)
        basket = current_basket()
    mark_as_shown()
    refusal = take_refusal()
    if refusal is not None:
        show_error(refusal)
    fits = is_in_link()
    if not basket.items and not can_undo():
        return None
    problems = [problem_of(model, item.edit, len(trace.prompt)) for item in basket.items]
    active = tuple(
        item.edit for item, problem in zip(basket.items, problems, strict=True) if item.on and not problem
    )
    edited = Run(run.spec, run.text, active) if active else None
    with st.container(border=bool(basket.items), gap="xsmall", key="basket"):
        head = st.container()
        show_basket_rows(trace, problems, names)
        effect = ""
        if edited is not None:
            try:
                effect = _effect(model, trace, run_prompt(edited))
            except LlmTtError as error:
                show_error(error)
                edited = None
        with head:
            show_basket_head(len(active), effect, fits_into_link=fits)
    return edited


def problem_of(model: LanguageModel, edit: Edit, n_positions: int) -> LlmTtError | None:
    """Why an edit cannot act on this prompt in this model."""
    try:
        check_edits(model, [edit], n_positions)
    except LlmTtError as error:
        return error
    return None


def _effect(model: LanguageModel, base: ForwardTrace, edited: ForwardTrace) -> str:
    """The prediction before and after, at the position that is looked at."""
    position = chosen_position(base.prompt)
    change = float(divergence(base.logits[position], edited.logits[position]))
    place = position_name(position, base.prompt.token_strings[position])
    if change < UNCHANGED:
        return f":gray[no change at {plain(place)}]"
    before, after = (
        _prediction(model, logits) for logits in (base.logits[position], edited.logits[position])
    )
    return f"{before} → {after} :gray[at {plain(place)}, KL {change:.3g} nats]"


def _prediction(model: LanguageModel, logits: Float[Tensor, " d_vocab"]) -> str:
    ranking = rank_logits(model, logits, top=1)
    return f"**{plain(visible_token(ranking.token_strings[0]))}** {percent_text(ranking.probabilities[0])}"
