"""Concepts: search the neurons by tokens, sort them, read the weights of heads, and name what was found."""

from collections.abc import Callable
from typing import Final, Literal

import streamlit as st

from llm_tt.app.cached import background, contributions_of
from llm_tt.app.choice import choose_one
from llm_tt.app.chosen import chosen_part, chosen_position, select_everywhere
from llm_tt.app.concepts.clusters_view import show_clusters
from llm_tt.app.concepts.neuron_sections import show_neuron_sections
from llm_tt.app.concepts.notes_view import show_notes
from llm_tt.app.concepts.search_view import show_search
from llm_tt.app.concepts.weights_view import show_weights
from llm_tt.app.frame import Frame, show_framed
from llm_tt.app.inspector import show_inspector
from llm_tt.app.notices import errors_shown
from llm_tt.app.progress import place_for_progress
from llm_tt.app.question import target_as_chosen
from llm_tt.app.view import View
from llm_tt.attribution.method_list import DEFAULT_METHOD
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part

ViewName = Literal["search", "clusters", "weights", "notes"]

VIEWS: Final[dict[ViewName, str]] = {
    "search": "Search",
    "clusters": "Clusters",
    "weights": "Read the weights",
    "notes": "Names",
}

_SHOW: Final[dict[ViewName, Callable[[Frame, View, Part | None], None]]] = {
    "search": show_search,
    "clusters": show_clusters,
    "weights": show_weights,
    "notes": show_notes,
}

HINT: Final = "Click a neuron to read it here. This is where the prediction is made:"


def show_concepts_page(settings: AppSettings) -> None:
    """One of the views, and the inspector beside it."""
    show_framed(settings, _show)


def _show(frame: Frame) -> None:
    with background.paused():
        name = choose_one("View", VIEWS, key="concepts", hide_label=True, in_link=True)
        view = _view_of(frame)
        part = chosen_part(view.trace, view.target.position)
        columns, beside = st.columns([2.1, 1], gap="medium")
        with beside:
            show_inspector(view, part, select_everywhere, hint=HINT, more=lambda: _more(frame, view, part))
        with (
            columns,
            errors_shown(frame.settings),
        ):  # last: an index may have to be built, which takes longest
            _SHOW[name](frame, view, part)


def _view_of(frame: Frame) -> View:
    position = chosen_position(frame.trace.prompt)
    target = target_as_chosen(frame.model, frame.trace, position)
    with place_for_progress():
        shares = contributions_of(frame.run, DEFAULT_METHOD, target)
    return View(frame.settings, frame.model, frame.trace, shares, target, names=frame.names)


def _more(frame: Frame, view: View, part: Part | None) -> None:
    if part is not None and part.kind == "neuron":
        show_neuron_sections(frame, view, part)
