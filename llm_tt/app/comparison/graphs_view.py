"""The graphs of a comparison, what is selected in them, and what comes to them later."""

from functools import partial
from typing import Final, Literal

import streamlit as st

from llm_tt.app.cached import background
from llm_tt.app.choice import choose_one
from llm_tt.app.comparison.both_sides import (
    BothSides,
    OneSide,
    compared,
    payload_of_difference,
    payload_of_sides,
)
from llm_tt.app.comparison.changes_section import show_changes
from llm_tt.app.comparison.difference_files import ask_for_difference, hand_over_difference
from llm_tt.app.comparison.part_section import show_part
from llm_tt.app.comparison.selected_part import (
    explain_column,
    select_part,
    selected_part,
    times_selected,
)
from llm_tt.app.components.comparison import draw_difference, draw_sides
from llm_tt.app.components.flow import send_news
from llm_tt.app.notes import names_of
from llm_tt.app.notices import errors_shown
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.render.column_labels import labels_by_column
from llm_tt.render.flow_news import node_labels
from llm_tt.settings import AppSettings
from llm_tt.tracing.progress import Progress

ViewShown = Literal["sides", "difference"]

SHOWN: Final[dict[ViewShown, str]] = {"sides": "Side by side", "difference": "Difference"}

NOT_MEASURED: Final = "faithfulness is measured on the page Flow"

_EXPLAINED: Final = "compared_position"
_FOLLOWED: Final = "compared_times"


def choose_view() -> ViewShown:
    """Both graphs, or one of what became of each edge; in the address."""
    return choose_one("View", SHOWN, key="compare_view", hide_label=True, in_link=True)


@st.fragment
def show_graphs(settings: AppSettings, both: BothSides, shown: ViewShown) -> None:
    """Everything that a click on a graph or a table changes."""
    with errors_shown(settings), background.paused():
        comparison = compared(both)
        if _needs_the_page(both):
            st.rerun()
        part = selected_part(comparison)
        names = names_of(settings, comparison.first.model)
        on_column = partial(explain_column, comparison.alignment)
        if shown == "difference":
            graph, beside = st.columns([2.3, 1], gap="medium")
            with graph, errors_shown(settings):
                draw_difference(
                    payload_of_difference(both),
                    name=both.name,
                    on_part=select_part,
                    on_column=on_column,
                    on_file=ask_for_difference,
                )
                hand_over_difference(settings, both)
            with beside, errors_shown(settings):
                show_part(both, part, names)
        else:
            draw_sides(payload_of_sides(both), name=both.name, on_part=select_part, on_column=on_column)
            with errors_shown(settings):
                show_part(both, part, names)
        show_changes(both, part)


def _needs_the_page(both: BothSides) -> bool:
    """Whether another prediction was clicked, or a table selected: neither question nor news are in here."""
    at = st.session_state.get("at")
    before = st.session_state.get(_EXPLAINED)
    st.session_state[_EXPLAINED] = both.name, at
    followed, st.session_state[_FOLLOWED] = st.session_state.get(_FOLLOWED), times_selected()
    is_other = before is not None and before[0] == both.name and before[1] != at
    return is_other or followed not in (None, times_selected())


@st.fragment
def show_comparison_news(settings: AppSettings, both: BothSides) -> None:
    """Bring to the graphs how their nodes read, and what was selected beside them."""
    with errors_shown(settings):
        comparison = compared(both)
        read = [
            _labels(side, run)
            for side, run in ((both.first, comparison.first), (both.second, comparison.second))
        ]
        is_there = None not in read
        sides = [labels or {} for labels in read]
        send_news(
            {
                "run": both.name,
                "prompt": both.name,
                "target": comparison.alignment.columns.index(
                    (both.first.target.position, both.second.target.position)
                ),
                "sides": sides,
                "labels": labels_by_column(sides[0], sides[1], comparison.alignment),
                "curve": {"points": [], "note": NOT_MEASURED},
                "measured": 0,
                "pending": not is_there,
                "chosen": {"part": st.session_state.get("both"), "times": times_selected()},
                "names": dict(names_of(settings, comparison.first.model)),
            }
        )


def _labels(side: OneSide, run: ExplainedRun) -> dict[str, list[str]] | None:
    def make(report: Progress) -> object:
        return node_labels(run.model, run.trace, run.graph, report)

    answer = background.ask(("compared labels", side), make)
    if answer.is_pending:
        return None
    return answer.value if isinstance(answer.value, dict) else {}
