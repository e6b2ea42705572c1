"""Trace: one position through all layers, and any layer opened: before, what it adds, after."""

import streamlit as st

from llm_tt.app.cached import Run, background, overview_of_run
from llm_tt.app.chosen import chosen_part, select_everywhere
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.inspector import show_inspector
from llm_tt.app.layer_section import show_layer
from llm_tt.app.lens_map_section import show_lens_map
from llm_tt.app.overview_section import layer_to_open, show_overview
from llm_tt.app.traced_run import ask_traced_run
from llm_tt.app.view import View
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part


def show_trace_page(settings: AppSettings) -> None:
    """The map of the lens, the layers, one layer, and the inspector."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        run, view = ask_traced_run(frame, "traced")
        part = chosen_part(view.trace, view.target.position)
        columns, beside = st.columns([2.3, 1], gap="medium")
        with columns:
            place_of_map = st.container()
            _show_layers(run, view, part)
        with beside:
            show_inspector(view, part, select_everywhere)
    with place_of_map:  # last, because it may take longest
        show_lens_map(view, run, part)


def _show_layers(run: Run, view: View, part: Part | None) -> None:
    """All layers, and below them one."""
    overview = overview_of_run(run, view.target)
    layer = part.layer if part is not None and part.layer >= 0 else layer_to_open(overview)
    show_overview(overview, layer, select_everywhere)
    show_layer(run, view, layer, part, select_everywhere)
