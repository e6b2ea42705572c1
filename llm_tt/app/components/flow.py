"""The graph in the page, and the courier that brings it what is computed later."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.app.components.clicks import report_click
from llm_tt.render import flow_view
from llm_tt.render.graph_formats import FORMATS

_DRAWN_THERE: Final = ("png", "svg")
"""Formats that the browser makes by itself, as they are on its screen."""

_FILES: Final = [
    {"name": known.name, "label": known.label, "hint": known.sentence}
    for known in FORMATS.values()
    if known.name not in _DRAWN_THERE
]


def graph_component(name: str, files: list[dict[str, str]]) -> Any:  # noqa: ANN401 (Streamlit names no type)
    """A component that draws one graph, with the files that its menu offers beside pictures."""
    return st.components.v2.component(
        name,
        html="<div class='flow'></div>",
        css=flow_view.stylesheet(),
        js="\n".join(
            [
                flow_view.module(),
                f"const FILES = {json.dumps(files)};",
                read_source("address.js"),
                read_source("flow.js"),
            ]
        ),
    )


_graph = graph_component("llm_tt_flow", _FILES)

_courier = st.components.v2.component(
    "llm_tt_flow_news",
    html="<div class='news'></div>",
    css=".news { display: none }",
    js=read_source("flow_news.js"),
)

_KEY = "flow"


def draw_flow(
    payload: bytes,
    *,
    prompt: str,
    on_part: Callable[[object], None],
    on_position: Callable[[object], None],
    on_file: Callable[[object], None],
) -> None:
    """Draw the graph; what is clicked is reported before the page runs again.

    Clicks on the graph of another prompt, which were under way when it changed, are passed over.
    """
    tell = partial(report_click, _KEY, prompt)
    _graph(
        key=_KEY,
        data=payload,
        on_selection_change=lambda: tell("selection", "part", on_part),
        on_target_change=lambda: tell("target", "position", on_position),
        on_file_change=lambda: tell("file", "request", on_file),
    )


def send_news(news: dict[str, object]) -> None:
    """Bring news to the graph; while `pending` is true, the browser asks again."""
    _courier(key="flow_news", data=news, on_ask_change=lambda: None)
