"""Trace: one position through all layers, and any layer opened: before, what it adds, after."""

import streamlit as st

from llm_tt.app.cached import Run, background, contributions_of, overview_of_run, run_prompt
from llm_tt.app.chosen import chosen_part, select_everywhere
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.inspector import show_inspector
from llm_tt.app.layer_section import show_layer
from llm_tt.app.lens_map_section import show_lens_map
from llm_tt.app.overview_section import layer_to_open, show_overview
from llm_tt.app.position_box import choose_position_in_menu
from llm_tt.app.progress import place_for_progress
from llm_tt.app.question import ask_run, ask_target
from llm_tt.app.view import View
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part


def show_trace_page(settings: AppSettings) -> None:
    """The map of the lens, the layers, one layer, and the inspector."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        run, view = _choose(frame)
        part = chosen_part(view.trace, view.target.position)
        columns, beside = st.columns([2.3, 1], gap="medium")
        with columns:
            place_of_map = st.container()
            _show_layers(run, view, part)
        with beside:
            show_inspector(view, part, select_everywhere)
    with place_of_map:  # last, because it may take longest
        show_lens_map(view, run, part)


def _choose(frame: Frame) -> tuple[Run, View]:
    """Position, target and run."""
    columns = st.columns([1.4, 2.6, 1.4], gap="small", vertical_alignment="bottom")
    with columns[0]:
        position = choose_position_in_menu(frame.trace.prompt)
    with columns[1]:
        target = ask_target(frame.model, frame.trace, position)
    run = frame.run
    if frame.edited is not None:
        with columns[2]:
            run = frame.edited if ask_run(("base", "edited"), "traced") == "edited" else frame.run
    with place_for_progress():
        shares = contributions_of(run, "ifr", target)
    return run, View(frame.settings, frame.model, run_prompt(run), shares, target, names=frame.names)


def _show_layers(run: Run, view: View, part: Part | None) -> None:
    """All layers, and below them one."""
    overview = overview_of_run(run, view.target)
    layer = part.layer if part is not None and part.layer >= 0 else layer_to_open(overview)
    show_overview(overview, layer, select_everywhere)
    show_layer(run, view, layer, part, select_everywhere)
