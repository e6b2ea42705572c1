"""What the rows say, as tables to click: roles, heads and MLPs, neurons, messages, and how sure it all is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import streamlit as st

from llm_tt.app.choice import choose_one
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notices import plain
from llm_tt.app.roles.asked import AskedOfRuns
from llm_tt.app.roles.chosen_component import choose_component
from llm_tt.app.roles.map_section import difference_of
from llm_tt.app.roles.measured import MeasuredRows
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.part_words import Names
from llm_tt.render.role_tables import (
    ABOUT,
    component_columns,
    difference_columns,
    edge_kind_columns,
    role_columns,
)
from llm_tt.render.role_words import agreement_sentences, roles_sentence, stability_sentence
from llm_tt.summaries.report import Report
from llm_tt.summaries.roles import THRESHOLDS

Table = Literal["roles", "parts", "neurons", "messages"]

TABLES: Final[dict[Table, str]] = {
    "roles": "Roles",
    "parts": "Heads and MLPs",
    "neurons": "Neurons",
    "messages": "Messages",
}
MOST_ROWS: Final = 100

_FORMATS: Final[Mapping[str, tuple[str, int]]] = {
    "place": ("%d", 56),
    "share %": ("%.1f", 70),
    "contribution": ("%+.2f", 96),
    "for it %": ("%.0f", 70),
    "in %": ("%.0f", 56),
    "attention": ("%.2f", 74),
    "by chance": ("%.2f", 72),
    "in graphs %": ("%.0f", 92),
    "messages": ("%.1f", 84),
    "prompts": ("%d", 64),
    "of": ("%d", 48),
}
_WIDTHS: Final[Mapping[str, int]] = {
    "share 95 %": 100,
    "places 95 %": 90,
    "95 %": 84,
    "head": 52,
    "role": 130,
    "attends to": 156,
}


def show_tables(measured: MeasuredRows, asked: AskedOfRuns, report: Report, names: Names) -> None:
    """One of the tables, and below it how sure the picture is."""
    table = choose_one("Table", TABLES, key="roles-table", hide_label=True, in_link=True)
    match table:
        case "roles":
            _show_roles(report, names)
        case "parts":
            _show_parts(measured, asked, report, names)
        case "neurons":
            _show_neurons(report, names)
        case "messages":
            _show_messages(report, names)
    _show_how_sure(report)


def _show_roles(report: Report, names: Names) -> None:
    st.caption(plain(roles_sentence(report.roles, report.parts.method)))
    if report.roles:
        show_table(role_columns(report.roles, names), [role.head for role in report.roles], "roles")
    st.caption(plain(THRESHOLDS))


def _show_parts(measured: MeasuredRows, asked: AskedOfRuns, report: Report, names: Names) -> None:
    if asked.without is not None:
        rows = difference_of(measured, asked).rows[:MOST_ROWS]
        show_table(difference_columns(rows, names), [row.component.name for row in rows], "difference")
        return
    parts = report.parts.rows[:MOST_ROWS]
    columns = component_columns(parts, report.roles, names)
    show_table(columns, [row.component.name for row in parts], "parts")


def _show_neurons(report: Report, names: Names) -> None:
    rows = report.neurons.rows[:MOST_ROWS]
    if not rows:
        st.caption("These rows list no neurons: their method has no signs, or their model no single neurons.")
        return
    columns = component_columns(rows, names=names, are_neurons=True)
    show_table(columns, [row.component.name for row in rows], "neurons", {"share %": ("%.2f", 70)})
    st.caption(
        "A prompt lists only its strongest neurons; elsewhere one counts as 0: the true means are larger."
    )


def _show_messages(report: Report, names: Names) -> None:
    kinds = report.edge_kinds[:MOST_ROWS]
    if not kinds:
        st.caption("These rows list no messages.")
        return
    show_table(edge_kind_columns(kinds, names), [kind.head for kind in kinds], "messages")
    st.caption(
        "How often at least one message of a head between such tokens is in a prompt's graph, of the prompts "
        "that have such a pair; how many there are then, and what they bring together."
    )


def _show_how_sure(report: Report) -> None:
    st.caption(plain(stability_sentence(report.stability)))
    for sentence in agreement_sentences(report.agreement):
        st.caption(plain(sentence))
    with st.expander("How sure is this?"):
        st.markdown(
            "Intervals are 95 % of a bootstrap: prompts are drawn again with replacement a thousand times. "
            "They say how far other prompts of this kind would give another mean, and nothing about prompts "
            "of other kinds. Halves of the prompts share none, so their agreement is not for free. Shares of "
            "prompts have Wilson's interval. Contributions are added up over positions: a part that helps at "
            "one and harms at another may come to little. Attention shows where a head looks, contributions "
            "what it adds; whether the model can do without it is seen when it is switched off, on the page "
            "Intervene."
        )


def show_table(
    columns: Columns,
    components: Sequence[str],
    key: str,
    formats: Mapping[str, tuple[str, int]] | None = None,
) -> None:
    """A table whose rows are components; clicking one chooses it."""
    widget = f"roles-{key}"

    def take() -> None:
        rows = st.session_state[widget]["selection"]["rows"]
        if rows and 0 <= rows[0] < len(components):
            choose_component(components[rows[0]])

    known = {**_FORMATS, **(formats or {})}
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(format=known[name][0], width=known[name][1], help=ABOUT.get(name))
        for name in columns
        if name in known
    }
    config |= {
        name: st.column_config.TextColumn(width=_WIDTHS[name], help=ABOUT.get(name))
        for name in columns
        if name in _WIDTHS
    }
    st.dataframe(
        columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content" if len(components) <= 12 else 360,
        column_config=config,
        key=widget,
        on_select=take,
        selection_mode="single-row",
        alt=TABLES.get(key, "Components"),  # type: ignore[call-overload]
    )
