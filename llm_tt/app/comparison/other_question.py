"""The second side: its prompt, its model and its interventions, and what is asked of it."""

from dataclasses import replace
from typing import Final

import streamlit as st

from llm_tt.app.basket_state import current_basket
from llm_tt.app.bound_widget import BoundWidget
from llm_tt.app.cached import Run, open_model, run_prompt
from llm_tt.app.choice import choose_from_menu
from llm_tt.app.comparison import other_state as other
from llm_tt.app.controls import may_type
from llm_tt.app.frame import Frame
from llm_tt.app.interventions import problem_of
from llm_tt.app.model_panel import short_name
from llm_tt.app.notices import show_error
from llm_tt.app.prompt_box import prompt_now, type_text
from llm_tt.app.question import (
    N_OFFERED_TOKENS,
    OFFERED,
    Question,
    choose_other_tokens,
    token_of,
)
from llm_tt.attribution.method_list import METHOD_LABELS, SIGNED_METHOD, WITHOUT_TARGET, Method
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.errors import TargetError
from llm_tt.lens.token_ranking import TokenRanking, rank_logits
from llm_tt.model.spec import ModelSpec
from llm_tt.render.visible_text import visible_token

EDITED: Final = "1"
"""In the address, where the second side is run with the interventions."""

_BOX: Final = "b_prompt_box"


def type_other_prompt(longest: int) -> str:
    """The box of the second prompt; while nothing is typed, it says what the first one does."""
    first = prompt_now("")
    text: str = st.session_state[other.PROMPT] or first
    type_text(
        "Prompt B", _BOX, text, longest, lambda typed: other.put_other_prompt(typed if typed != first else "")
    )
    return text


def ask_other_run(frame: Frame, text: str) -> Run:
    """Which model reads it, and whether with interventions."""
    spec = _choose_model(frame)
    is_edited = _choose_edited()
    run = Run(spec, text)
    if not is_edited:
        return run
    model, n_positions = open_model(spec), len(run_prompt(run).prompt)
    edits = current_basket().active
    acting = tuple(edit for edit in edits if problem_of(model, edit, n_positions) is None)
    if len(acting) < len(edits):
        st.caption(f"{len(edits) - len(acting)} of {len(edits)} interventions cannot act on this prompt.")
    return replace(run, edits=acting)


def ask_other_question(frame: Frame, run: Run, position: int, first: Question) -> Question:
    """Method and target; what is not chosen is as in the first side.

    Of the same prompt the same target is explained, of another one its own prediction, unless one was chosen.
    """
    model, trace = open_model(run.spec), run_prompt(run)
    is_same = st.session_state["token"] is not None or trace.prompt == frame.trace.prompt
    token_of_first = visible_token(frame.model.token_strings([first.target.token_id])[0]) if is_same else None
    ranking = rank_logits(model, trace.logits[position], top=N_OFFERED_TOKENS)
    columns = st.columns([1.3, 3], gap="small", vertical_alignment="bottom")
    with columns[1]:
        chosen = choose_other_tokens(
            ranking, (other.TOKEN, other.CONTRAST), _placeholders(ranking, token_of_first), _explain_a_token
        )
    with columns[0]:
        method = _choose_method(first.method)
    return Question(method, None, _target(run, ranking, position, chosen, first.target, is_same=is_same))


def _choose_model(frame: Frame) -> ModelSpec:
    """Another one has to have the same tokens, which is checked when both are set beside each other."""
    own = frame.run.spec
    names = [offered.name for offered in frame.settings.models]
    if st.session_state[other.MODEL] not in names and not may_type(frame.settings):
        st.session_state[other.MODEL] = None
    chosen = choose_from_menu(
        "Model of B",
        names,
        key=other.MODEL,
        can_be_empty=True,
        placeholder=f"as A: {short_name(own.source)}",
        accept_new_options=may_type(frame.settings),
        help="One with the same tokenizer: another checkpoint, a fine-tune, another seed.",
    )
    return own if not chosen else frame.settings.spec_of(chosen)


def _choose_edited() -> bool:
    """Only where there are interventions; in the address as a word."""
    n_edits = len(current_basket().active)
    is_edited = st.session_state[other.EDITED] == EDITED and n_edits > 0

    def take(edited: bool) -> bool:
        st.session_state[other.EDITED] = EDITED if edited else None
        return edited

    switch = BoundWidget(f"{other.EDITED}_box", is_edited)
    return st.toggle(
        "With my interventions",
        is_edited,
        key=switch.key,
        on_change=switch.on_change(take),
        disabled=not n_edits,
        help="Those in the list above; add some on the pages Flow, Trace or Intervene.",
    )


def _choose_method(first: Method) -> Method:
    if st.session_state[other.METHOD] not in (None, *OFFERED):
        st.session_state[other.METHOD] = None
    chosen = choose_from_menu(
        "Method of B",
        OFFERED,
        key=other.METHOD,
        can_be_empty=True,
        format_func=METHOD_LABELS.__getitem__,
        placeholder=f"as A: {METHOD_LABELS[first]}",
    )
    return chosen or first


def _placeholders(ranking: TokenRanking, token_of_first: str | None) -> tuple[str, str]:
    """What stands in for a choice."""
    contrast = st.session_state["contrast"]
    predicted = f"predicted: {visible_token(ranking.token_strings[0])}"
    return (
        predicted if token_of_first is None else f"as A: {token_of_first}",
        "no other token" if contrast is None else f"as A: {contrast}",
    )


def _explain_a_token() -> None:
    """Whoever names a token wants a method that knows it, on both sides."""
    named = st.session_state.get(other.TOKEN) or st.session_state.get(other.CONTRAST)
    chosen = st.session_state.get("method"), st.session_state.get(other.METHOD)
    if named and any(method in WITHOUT_TARGET for method in chosen):
        st.session_state["method"] = SIGNED_METHOD
        st.session_state[other.METHOD] = None


def _target(  # noqa: PLR0913 (what was chosen, and what stands in for it)
    run: Run,
    ranking: TokenRanking,
    position: int,
    chosen: tuple[str | None, str | None],
    first: Target,
    *,
    is_same: bool,
) -> Target:
    """What was chosen here, else what the first side explains, else the prediction."""
    model, trace = open_model(run.spec), run_prompt(run)
    logits = trace.logits[position]
    try:
        token, contrast = (
            None if text is None else token_of(model, ranking, logits, text) for text in chosen
        )
        if token is None and is_same:
            token = first.token_id
        if contrast is None and token != first.contrast_id:
            contrast = first.contrast_id
        return resolve_target(model, trace, position=position, token=token, contrast=contrast)
    except TargetError as error:
        show_error(error)
        return resolve_target(model, trace, position=position)
