"""One row a layer: what each predicts at the position, and what it adds to the target."""

import streamlit as st

from llm_tt.app.inspector.choosing import ROW_HEIGHT, Choose
from llm_tt.app.percent import in_percent, percent_bar
from llm_tt.lens.position_overview import PositionOverview
from llm_tt.render.trace_tables import OVERVIEW_COLUMNS, overview_columns
from llm_tt.render.weight_words import decimals_for

ROWS_IN_SIGHT = 14


def show_overview(overview: PositionOverview, layer: int, choose: Choose) -> None:
    """A click on a row opens its layer."""
    rows = overview.rows
    key = f"overview-{overview.target.position}-{layer}"  # another layer is marked by another table

    def take_choice() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if chosen and 0 <= chosen[0] < len(rows):
            choose(rows[chosen[0]].post.part)

    columns = in_percent(overview_columns(overview), "prob.", "target prob.")
    changes = [abs(change) for row in rows for change in (row.attention_change, row.mlp_change) if change]
    signed = f"%+.{decimals_for(max(changes, default=0.0))}f"
    formats = {
        "prob.": percent_bar("prob. %", 86, OVERVIEW_COLUMNS["prob."]),
        "target prob.": percent_bar("target %", 86, OVERVIEW_COLUMNS["target prob."]),
        "entropy": st.column_config.NumberColumn(help=OVERVIEW_COLUMNS["entropy"], format="%.2f", width=64),
        "target rank": st.column_config.NumberColumn(help=OVERVIEW_COLUMNS["target rank"], width=78),
        **{
            name: st.column_config.NumberColumn(help=OVERVIEW_COLUMNS[name], format=signed, width=74)
            for name in ("attention", "MLP")
        },
        **{
            name: st.column_config.TextColumn(help=OVERVIEW_COLUMNS[name], width=width)
            for name, width in (("behind attention", 116), ("predicts", 90))
        },
        "layer": st.column_config.TextColumn(width=54),
    }
    st.dataframe(
        columns,
        hide_index=True,
        placeholder="",
        row_height=ROW_HEIGHT,
        height="content" if len(rows) <= ROWS_IN_SIGHT else ROW_HEIGHT * ROWS_IN_SIGHT,
        column_config=formats,
        key=key,
        on_select=take_choice,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [layer + 1]}},
        alt="The layers at this position, the embedding first",
    )


def layer_to_open(overview: PositionOverview) -> int:
    """Until a person chooses: the layer that adds most to the target, or takes most from it."""
    sizes = [
        abs(attention) + abs(mlp)
        for attention, mlp in zip(overview.attention_changes, overview.mlp_changes, strict=True)
    ]
    return sizes.index(max(sizes))
