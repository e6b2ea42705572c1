"""The whole model at one position, as a map to click on: a click opens a layer."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from llm_tt.anatomy.model_overview import ModelOverview, model_overview
from llm_tt.app.cached import Run, kept
from llm_tt.app.choice import choose_one
from llm_tt.app.chosen import chosen_part
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.view import View
from llm_tt.errors import LlmTtError
from llm_tt.lens.written import check_part
from llm_tt.render.model_overview_figure import OVERVIEW_VALUES, OverviewValue, model_overview_figure
from llm_tt.tracing.parts import Part

VALUE_NAMES: Final[dict[OverviewValue, str]] = {"contribution": "To the target", "norm": "Length"}

EXPECTED_WIDTH: Final = 780
"""Pixels."""

_KEY: Final = "model-overview"


def show_overview_view(view: View, run: Run, layers: range, open_layer: Callable[[Part], None]) -> None:
    """Heads and MLPs of all layers; `layers` are framed, and a click calls `open_layer` in a callback."""
    with section("All heads and MLPs", "What each adds at this position. A click opens its layer."):
        overview = _overview_of(view, run)
        value = choose_one(
            "Colours", VALUE_NAMES, key="model-overview-value", explained=OVERVIEW_VALUES, hide_label=True
        )
        figure = model_overview_figure(
            overview,
            value=value,
            layers=layers,
            chosen=chosen_part(view.trace, view.target.position),
            names=view.names,
            pixels=EXPECTED_WIDTH,
        )
        st.plotly_chart(
            figure,
            key=_KEY,
            on_select=partial(_take_click, view.later(), open_layer),
            selection_mode="points",
            config={"displayModeBar": False},
            alt="What every head and every MLP adds: layers by heads",
        )
        st.caption(_sum_in_words(overview))


def _overview_of(view: View, run: Run) -> ModelOverview:
    return kept.get(
        ("model overview", run, view.target),
        lambda: model_overview(view.model, view.trace, view.target),
        lambda overview: 4 * overview.contributions.nbytes + 800 * len(overview.tokens),
    )


def _sum_in_words(overview: ModelOverview) -> str:
    """How the numbers add up."""
    heads = float(overview.contributions[:, :-1].sum())
    mlps = float(overview.contributions[:, -1].sum())
    amounts = {
        "Embedding": overview.embedding,
        "attention": heads,
        "MLPs": mlps,
        "constant": overview.constant,
    }
    parts = ", ".join(f"{name} {_signed(amount)}" for name, amount in amounts.items())
    whole = "difference of logits" if overview.target.contrast_id is not None else "logit"
    return f"{parts}: together the target's {whole}, {_signed(overview.whole)}, before any cap."


def _signed(amount: float) -> str:
    return f"{amount:+z.2f}".replace("-", "\N{MINUS SIGN}")


def _take_click(later: Callable[[], View], open_layer: Callable[[Part], None]) -> None:
    points = st.session_state[_KEY]["selection"]["points"]
    if not points:
        return
    try:
        part = Part.named(str(points[0].get("customdata")))
        check_part(later().trace, part)
    except LlmTtError:  # whatever a browser may send; and what cannot be made again has nothing to open
        return
    open_layer(part)
