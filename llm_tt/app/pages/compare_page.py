"""Compare: two runs side by side, and what became of each edge."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import background, run_prompt
from llm_tt.app.chosen import choose_position, chosen_position
from llm_tt.app.comparison.alignment_editor import corrections, show_alignment
from llm_tt.app.comparison.both_sides import BothSides, OneSide, compared
from llm_tt.app.comparison.graphs_view import ViewShown, choose_view, show_comparison_news, show_graphs
from llm_tt.app.comparison.opening import take_wanted
from llm_tt.app.comparison.other_question import ask_other_question, ask_other_run, type_other_prompt
from llm_tt.app.comparison.other_state import note_other, read_other
from llm_tt.app.comparison.swapping import offer_swap
from llm_tt.app.comparison.task_prompts import offer_task_prompts
from llm_tt.app.control_rows import box_and_beside, controls
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.notices import show_error
from llm_tt.app.progress import place_for_progress
from llm_tt.app.question import ask_method_and_target
from llm_tt.comparison.alignment import Pair
from llm_tt.comparison.target_positions import target_positions
from llm_tt.errors import ComparisonError
from llm_tt.model.prompt import Prompt
from llm_tt.settings import AppSettings

SAME: Final = (
    "B is still the same as A: give it another prompt, target, method or model, or your interventions, and "
    "see what becomes of each edge."
)


def show_compare_page(settings: AppSettings) -> None:
    """Both sides, their graphs, and what differs."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    read_other()
    take_wanted()
    with background.paused():
        both = _ask(frame)
        note_other()
        with place_for_progress():
            comparison = compared(both)
        shown = _choose_what_is_shown()
        if both.first == both.second:
            st.caption(SAME)
        show_alignment(both, comparison)
        show_graphs(frame.settings, both, shown)
    show_comparison_news(frame.settings, both)


def _ask(frame: Frame) -> BothSides:
    """The first side is what all pages show, the second one begins as that."""
    box, beside = box_and_beside("prompt-b")
    with box:
        text = type_other_prompt(frame.settings.limits.prompt_characters)
    with beside:
        run = ask_other_run(frame, text)
    with place_for_progress():
        trace = run_prompt(run)
    prompts = frame.trace.prompt, trace.prompt
    pairs = corrections(prompts)
    positions = _positions(prompts, chosen_position(frame.trace.prompt), pairs)
    left, right = controls("sides", [1.0, 1.0], stacked=True, gap="large", vertical_alignment="top")
    with left:
        first = ask_method_and_target(frame.model, frame.trace, positions[0])
    with right:
        second = ask_other_question(frame, run, positions[1], first)
    return BothSides(
        OneSide(frame.run, first.method, first.target), OneSide(run, second.method, second.target), pairs
    )


def _choose_what_is_shown() -> ViewShown:
    """The view, and what changes both sides at once."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        shown = choose_view()
        offer_task_prompts()
        offer_swap()
    return shown


def _positions(prompts: tuple[Prompt, Prompt], position: int, pairs: tuple[Pair, ...]) -> tuple[int, int]:
    """The positions whose predictions are compared; without a partner, the last ones."""
    try:
        first, second = (prompt.token_strings for prompt in prompts)
        return target_positions(first, second, position, pairs)
    except ComparisonError as error:
        show_error(error)
        choose_position(None)
        return len(prompts[0]) - 1, len(prompts[1]) - 1
