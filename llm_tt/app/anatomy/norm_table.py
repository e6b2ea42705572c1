"""One of the short tables about a norm: tokens on one side of it, or those that gain or lose."""

from typing import Any, Final

import streamlit as st

from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.render.anatomy_tables import NORM_COLUMNS
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.weight_words import decimals_for

ON_A_CARD: Final = ("token", "prob.", "change")
"""Columns for which there is room where two tables share a card."""


def show_norm_table(heading: str, table: Columns, only: tuple[str, ...] | None = None) -> None:
    """All of its columns, or `only` those."""
    st.markdown(f"**{heading}**")
    changes = [abs(change) for change in table.get("change", []) if isinstance(change, float)]
    signed = f"%+.{decimals_for(max(changes, default=0.0))}f"
    formats: dict[str, Any] = {
        "token": st.column_config.TextColumn(width=70 if only is None else 84),
        "prob.": percent_number("prob. %", 60, NORM_COLUMNS["prob."]),
        "change": st.column_config.NumberColumn("Δ %", help=NORM_COLUMNS["change"], format=signed, width=58),
        "ranks": st.column_config.TextColumn(help=NORM_COLUMNS["ranks"], width=78),
        **{
            name: st.column_config.NumberColumn(help=NORM_COLUMNS[name], width=66)
            for name in ("# before", "# behind")
        },
    }
    st.dataframe(
        in_percent(table, "prob."),
        hide_index=True,
        placeholder="",
        row_height=ROW_HEIGHT,
        height="content",
        column_order=None if only is None else [name for name in only if name in table],
        column_config=formats,
        alt=f"Tokens of the norm: {heading.lower()}",
    )
