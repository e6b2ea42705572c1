"""The logit lens over layers and positions, as a map to click on."""

from collections.abc import Callable
from typing import Final, cast

import streamlit as st

from llm_tt.app.background import Answer
from llm_tt.app.cached import Run, background, is_quick_grid, lens_grid_of
from llm_tt.app.choice import choose_one
from llm_tt.app.chosen import choose_position, select_everywhere
from llm_tt.app.notices import show_error
from llm_tt.app.view import View
from llm_tt.errors import TargetError
from llm_tt.lens.lens_grid import LensGrid
from llm_tt.render.lens_grid_figure import CELL_VALUES, CellValue, lens_grid_figure
from llm_tt.render.number_words import percent_text
from llm_tt.tracing.parts import Part
from llm_tt.tracing.progress import Progress

VALUE_NAMES: Final[dict[CellValue, str]] = {
    "target": "Target",
    "rank": "Its rank",
    "top": "Top token",
    "entropy": "Entropy",
}

EXPECTED_WIDTH: Final = 780
"""Pixels."""

_KEY: Final = "lens-map"
_AWAITED: Final = "lens_map_awaited"


def show_lens_map(view: View, run: Run, part: Part | None) -> None:
    """The map, or how far it is; a click chooses the state, and its position."""
    value = choose_one("Colours", VALUE_NAMES, key="lens-map-value", explained=CELL_VALUES, hide_label=True)
    answer = _grid_of(view, run)
    if answer.error is not None:
        show_error(answer.error)
    if answer.value is None:
        return
    figure = lens_grid_figure(
        cast(LensGrid, answer.value),
        view.tokens,
        target=view.target.position,
        value=value,
        chosen=part if part is not None and part.kind == "state" else None,
        pixels=EXPECTED_WIDTH,
    )
    st.plotly_chart(
        figure,
        key=_KEY,
        on_select=_take_click,
        selection_mode="points",
        config={"displayModeBar": False},
        alt="What every state predicts: layers by positions",
    )


def _grid_of(view: View, run: Run) -> Answer:
    """At once for small models and short prompts; else from the background, while its progress is shown."""
    model, trace, token_id = view.model, view.trace, view.target.token_id
    key = ("lens map", run, token_id)
    if is_quick_grid(model, trace):
        return Answer(value=lens_grid_of(run, model, trace, token_id))

    def make(report: Progress) -> LensGrid:
        return lens_grid_of(run, model, trace, token_id, report)

    before = st.session_state.get(_AWAITED)
    if before not in (None, key):
        background.drop(before)  # nobody waits for it any more
    st.session_state[_AWAITED] = key
    answer = background.ask(key, make)
    if answer.is_pending:
        _wait(key, make)
    return answer


@st.fragment(run_every=0.4)
def _wait(key: tuple[object, ...], make: Callable[[Progress], LensGrid]) -> None:
    answer = background.ask(key, make)
    if not answer.is_pending:
        st.rerun()
    st.progress(answer.share, f"Reading every state … {percent_text(answer.share, 0)}")


def _take_click() -> None:
    points = st.session_state[_KEY]["selection"]["points"]
    if not points:
        return
    try:
        part = Part.named(str(points[0].get("customdata")))
    except TargetError:  # whatever a browser may send
        return
    choose_position(part.position)
    select_everywhere(part)
