"""Going from one card to another: tables whose rows are parts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from llm_tt.render.inspector_tables import Columns
from llm_tt.render.weight_words import weight_format, weight_heading
from llm_tt.tracing.parts import Part

Choose = Callable[[Part | None], None]
"""Makes a part the chosen one everywhere, or none; called in callbacks."""

ROW_HEIGHT = 27
WEIGHT_WIDTH = 64


def choose_from_table(  # noqa: PLR0913 (a table and what its rows mean)
    columns: Columns,
    parts: Sequence[Part],
    choose: Choose,
    *,
    key: str,
    unit: str | None,
    column_config: Mapping[str, Any],
    chosen: Part | None = None,
    otherwise: Part | None = None,
) -> None:
    """A table in which each row is a part; clicking its mark chooses it, clicking it again `otherwise`."""

    def take_choice() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and 0 <= rows[0] < len(parts):
            choose(parts[rows[0]])
        elif otherwise is not None:
            choose(otherwise)

    marked = [place for place, part in enumerate(parts) if part == chosen]
    st.dataframe(
        columns,
        hide_index=True,
        placeholder="",
        row_height=ROW_HEIGHT,
        column_config={
            weight_heading(unit): st.column_config.NumberColumn(
                format=weight_format(columns, unit), width=WEIGHT_WIDTH
            ),
            **column_config,
        },
        key=key,
        on_select=take_choice,
        selection_mode="single-row",
        selection_default={"selection": {"rows": marked}},
    )
