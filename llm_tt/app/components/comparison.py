"""Two runs in the page: their difference as one graph, or both graphs side by side."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.app.components.clicks import report_click
from llm_tt.app.components.flow import graph_component
from llm_tt.render import flow_view

_FILES: Final = [
    {"name": "html", "label": "Page (.html)", "hint": "The difference as a page that opens anywhere"},
    {"name": "csv", "label": "Table (.csv)", "hint": "Every edge that one of both keeps, with both weights"},
]

_difference = graph_component("llm_tt_difference", _FILES)

_sides = st.components.v2.component(
    "llm_tt_sides",
    html="<div class='linked'></div>",
    css=flow_view.stylesheet(),
    js="\n".join([flow_view.linked_module(), read_source("address.js"), read_source("sides.js")]),
)

DIFFERENCE: Final = "difference-graph"
SIDES: Final = "sides-graph"


def draw_difference(
    payload: bytes,
    *,
    name: str,
    on_part: Callable[[object], None],
    on_column: Callable[[object], None],
    on_file: Callable[[object], None],
) -> None:
    """Draw the difference; parts and targets that are clicked have columns as positions."""
    tell = partial(report_click, DIFFERENCE, name)
    _difference(
        key=DIFFERENCE,
        data=payload,
        on_selection_change=lambda: tell("selection", "part", on_part),
        on_target_change=lambda: tell("target", "position", on_column),
        on_file_change=lambda: tell("file", "request", on_file),
    )


def draw_sides(
    payload: bytes, *, name: str, on_part: Callable[[object], None], on_column: Callable[[object], None]
) -> None:
    """Draw both graphs; the same is reported, whichever of them was clicked."""
    tell = partial(report_click, SIDES, name)
    _sides(
        key=SIDES,
        data=payload,
        on_selection_change=lambda: tell("selection", "part", on_part),
        on_target_change=lambda: tell("target", "position", on_column),
    )
