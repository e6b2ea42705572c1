"""Columns of per cent in tables: numbers out of 100 under a heading that says so."""

from typing import Any

import streamlit as st

from llm_tt.render.inspector_tables import Columns


def in_percent(columns: Columns, *names: str) -> Columns:
    """The same table with these shares out of 100; what has no number keeps none."""
    return {
        name: [None if value is None else 100 * float(str(value)) for value in values]
        if name in names
        else values
        for name, values in columns.items()
    }


def percent_bar(label: str, width: int, about: str | None = None) -> Any:  # noqa: ANN401 (Streamlit's own)
    """Numbers with a bar beside them, for probabilities."""
    return st.column_config.ProgressColumn(
        label, format="%.2f", min_value=0, max_value=100, width=width, help=about
    )


def percent_number(label: str, width: int, about: str | None = None) -> Any:  # noqa: ANN401 (Streamlit's own)
    """Numbers alone."""
    return st.column_config.NumberColumn(label, format="%.1f", width=width, help=about)
