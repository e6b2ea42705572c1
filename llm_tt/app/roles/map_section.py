"""The map of heads and MLPs: one group's numbers, or the difference of two."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import kept
from llm_tt.app.notices import plain
from llm_tt.app.roles.asked import AskedOfRuns
from llm_tt.app.roles.chosen_component import choose_component
from llm_tt.app.roles.measured import MeasuredRows, report_of
from llm_tt.render.part_words import Names
from llm_tt.render.role_cells import (
    RoleMap,
    attention_cells,
    attention_difference_map,
    difference_map,
    summary_map,
)
from llm_tt.render.role_map_figure import role_map_figure
from llm_tt.render.role_words import difference_sentence
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.group_difference import GroupDifference, group_difference

EXPECTED_WIDTH: Final = 760
"""Pixels."""

_KEY: Final = "role-map"


def show_map(measured: MeasuredRows, asked: AskedOfRuns, names: Names, chosen: str | None) -> None:
    """The map, with a line that says what a difference is; a click chooses the component."""
    st.plotly_chart(
        role_map_figure(_map_of(measured, asked, names), chosen=chosen, pixels=EXPECTED_WIDTH),
        key=_KEY,
        on_select=_take_click,
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Heads and MLPs by layer",
    )
    if asked.without is not None:
        sentence = difference_sentence(difference_of(measured, asked))
        st.caption(plain(sentence) + " Numbers in brackets may be chance.")


def difference_of(measured: MeasuredRows, asked: AskedOfRuns) -> GroupDifference:
    """The chosen group without the other."""

    def make() -> GroupDifference:
        one, other = (
            component_values(measured.runs, asked.method, group) for group in (asked.group, asked.without)
        )
        return group_difference(one, other)

    key = ("group difference", measured.key, asked.method, asked.group, asked.without)
    return kept.get(key, make, lambda found: 400 * len(found.rows))


def _map_of(measured: MeasuredRows, asked: AskedOfRuns, names: Names) -> RoleMap:
    report = report_of(measured, asked.method, asked.group)
    if asked.without is None:
        if asked.relation is not None:
            return attention_cells(report.attention, asked.relation, names)
        return summary_map(report.parts, asked.measured, report.roles, names)
    if asked.relation is not None:
        other = report_of(measured, asked.method, asked.without)
        return attention_difference_map(report.attention, other.attention, asked.relation, names)
    return difference_map(difference_of(measured, asked), asked.measured, names)


def _take_click() -> None:
    points = st.session_state[_KEY]["selection"]["points"]
    if points:
        choose_component(points[0].get("customdata"))
