"""Some layers drawn down to single neurons, and the inspector beside them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.measures import Measure, Numbers
from llm_tt.app.anatomy.chosen_layers import chosen_layers, offer_layers
from llm_tt.app.anatomy.chosen_node import choose_beside, choose_node, chosen_on, follow_choice
from llm_tt.app.anatomy.how_much import choose_measure, chosen_numbers, offer_numbers
from llm_tt.app.anatomy.node_card import show_node_card, show_node_sections
from llm_tt.app.basket_state import changed_since_shown
from llm_tt.app.cached import Run, anatomy_of_run, background, kept, overview_of_run
from llm_tt.app.chosen import chosen_part, chosen_position, times_chosen
from llm_tt.app.components.anatomy import draw_anatomy
from llm_tt.app.frame import Frame
from llm_tt.app.inspector import show_inspector
from llm_tt.app.notes import take_names_changed
from llm_tt.app.notices import errors_shown
from llm_tt.app.overview_section import layer_to_open
from llm_tt.app.progress import place_for_progress
from llm_tt.app.view import View
from llm_tt.attribution.target import Target
from llm_tt.render.anatomy_payload import AnatomyCaption, anatomy_payload
from llm_tt.render.graph_html import EDITED
from llm_tt.render.standalone_html import ANATOMY, standalone_html
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True)
class Drawing:
    """Which picture: a plain value, and a key."""

    run: Run
    prompt: str
    """Name of prompt and model."""
    target: Target
    layers: tuple[int, ...]
    measure: Measure
    numbers: Numbers
    names: tuple[tuple[str, str], ...]
    """What this person calls components."""

    @property
    def name(self) -> str:
        """Tells apart what was computed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def graph(self) -> AnatomyGraph:
        """Computed once."""
        return anatomy_of_run(self.run, self.target, self.layers, self.measure, self.numbers)


def show_layers_view(frame: Frame, run: Run, view: View) -> None:
    """Controls, picture, inspector."""
    drawing, place_to_save = _ask(frame, run, view)
    with place_for_progress():
        payload = _payload_of(drawing)
    with place_to_save:
        _offer_file(drawing, view, payload)
    _show_picture(view.settings, drawing, view.later(), payload)


def _ask(frame: Frame, run: Run, view: View) -> tuple[Drawing, DeltaGenerator]:
    """What is drawn, and where there is room for a button."""
    position = view.target.position
    follow_choice(chosen_part(view.trace, position), _layers_now(run, view), position)
    n_layers, layers = view.trace.n_layers, _layers_now(run, view)
    # A row that wraps: in columns of a small window the switches would be cut.
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        offer_layers(n_layers, layers)
        measure = choose_measure()
        with st.container(horizontal=True, gap="small", width="content"):
            offer_numbers(frame.model.dimensions)
            place = st.container(width="content")
    names = tuple(sorted(frame.names.items()))
    drawing = Drawing(run, frame.prompt_name, view.target, tuple(layers), measure, chosen_numbers(), names)
    return drawing, place


def _offer_file(drawing: Drawing, view: View, payload: bytes) -> None:
    title = view.trace.prompt.text
    st.download_button(
        "HTML",
        data=lambda: standalone_html(ANATOMY, payload, title=title),
        file_name=f"{_file_name(drawing)}.html",
        mime="text/html",
        on_click="ignore",
        icon=":material/download:",
        help="The picture in one file: it can be clicked without llm_tt and without a network.",
    )


def _file_name(drawing: Drawing) -> str:
    """The picture's own name, as its PNG and SVG have it."""
    run = [EDITED] if drawing.run.edits else []
    return "-".join(map(str, ["anatomy-layers", *drawing.layers, "position", drawing.target.position, *run]))


def _payload_of(drawing: Drawing) -> bytes:
    def make() -> bytes:
        caption = AnatomyCaption(
            run=drawing.name,
            prompt=drawing.prompt,
            run_label=EDITED if drawing.run.edits else None,
        )
        return anatomy_payload(drawing.graph, caption, dict(drawing.names))

    return kept.get(("anatomy payload", drawing), make, len)


@st.fragment
def _show_picture(settings: AppSettings, drawing: Drawing, later: Callable[[], View], payload: bytes) -> None:
    """Everything that a click on the picture changes."""
    with errors_shown(settings), background.paused():
        view = later()
        is_other_layer = tuple(_layers_now(drawing.run, view)) != drawing.layers
        is_other_position = chosen_position(view.trace.prompt) != drawing.target.position
        if is_other_layer or is_other_position or changed_since_shown() or take_names_changed():
            st.rerun()  # what is above the picture is not in this fragment
        graph = drawing.graph
        chosen = chosen_on(graph, view.trace)
        picture, beside = st.columns([2.7, 1], gap="medium")
        with picture:
            draw_anatomy(
                payload,
                prompt=drawing.prompt,
                chosen=chosen.name,
                times=times_chosen(),
                on_node=lambda name: choose_node(graph, name),
            )

        def choose(part: Part | None) -> None:
            choose_beside(graph, part)

        with beside:
            if chosen.node is not None and chosen.part is None:
                show_node_card(view, graph, chosen.node, choose)
                return
            show_inspector(
                view, chosen.part, choose, more=lambda: show_node_sections(view, graph, chosen.node, choose)
            )


def _layers_now(run: Run, view: View) -> range:
    return chosen_layers(view.trace.n_layers, layer_to_open(overview_of_run(run, view.target)))
