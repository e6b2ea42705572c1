"""Anatomy: one to three layers down to single neurons, the whole model, its norms, its steadiest neurons."""

from typing import Final, Literal

import streamlit as st

from llm_tt.app.anatomy.chosen_layers import choose_layer, chosen_layers
from llm_tt.app.anatomy.layers_view import show_layers_view
from llm_tt.app.anatomy.norms_view import show_norms_view
from llm_tt.app.anatomy.overview_view import show_overview_view
from llm_tt.app.anatomy.steady_view import show_steady_view
from llm_tt.app.cached import Run, background, overview_of_run
from llm_tt.app.choice import choose_one
from llm_tt.app.chosen import chosen_part, select_everywhere
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.inspector import show_inspector
from llm_tt.app.notices import errors_shown
from llm_tt.app.overview_section import layer_to_open
from llm_tt.app.traced_run import ask_traced_run
from llm_tt.app.view import View
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part

ViewName = Literal["layers", "model", "norms", "steady"]

VIEWS: Final[dict[ViewName, str]] = {
    "layers": "Layers",
    "model": "Whole model",
    "norms": "Layer norms",
    "steady": "Always active",
}
_VIEW: Final = "anatomy-view"


def show_anatomy_page(settings: AppSettings) -> None:
    """One of the views, and the inspector beside it."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        name = choose_one("View", VIEWS, key=_VIEW, hide_label=True, in_link=True)
        run, view = ask_traced_run(frame, "dissected")
        if name == "layers":
            show_layers_view(frame, run, view)
            return
        part = chosen_part(view.trace, view.target.position)
        columns, beside = st.columns([2.1, 1], gap="medium")
        with beside:
            show_inspector(view, part, select_everywhere)
        with columns, errors_shown(frame.settings):  # last: prompts may have to be run
            _show_view(name, frame, run, view)


def _show_view(name: ViewName, frame: Frame, run: Run, view: View) -> None:
    if name == "steady":
        show_steady_view(frame, view)
        return
    layers = chosen_layers(view.trace.n_layers, layer_to_open(overview_of_run(run, view.target)))
    if name == "model":
        show_overview_view(view, run, layers, _open_layer)
    else:
        show_norms_view(view, run, layers)


def _open_layer(part: Part) -> None:
    """From the whole model into a layer."""
    choose_layer(part.layer)
    select_everywhere(part)
    st.session_state[_VIEW] = "layers"
