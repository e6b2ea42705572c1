"""A head's reading from its weights, beside what it did on this prompt."""

import streamlit as st

from llm_tt.app.concepts.head_choice import ChosenHead
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notices import plain
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.app.view import View
from llm_tt.concepts.static_against_run import compare_with_run
from llm_tt.render.circuit_tables import comparison_columns
from llm_tt.render.position_axis import position_name
from llm_tt.tracing.parts import Part

AGREEMENT = (
    "Correlation of both readings over the whole vocabulary: 1 where the weights alone tell what happened."
)


def show_comparison(view: View, head: ChosenHead, part: Part | None) -> None:
    """Where the head looked from this position, what came from there, and what the weights alone say."""
    is_chosen = part is not None and (part.layer, part.head) == head
    position = part.position if part is not None and is_chosen else view.target.position
    here = plain(position_name(position, view.tokens[position]))
    with section(
        "On this prompt", f"What its messages to {here} promote, beside the reading of the weights."
    ):
        found = compare_with_run(view.model, view.trace, head.layer, head.head, position)
        st.dataframe(
            in_percent(comparison_columns(found, view.tokens), "attention"),
            hide_index=True,
            column_order=["from", "attention", "agreement", "in this run", "by the weights"],
            row_height=ROW_HEIGHT,
            height="content",
            column_config={
                "from": st.column_config.TextColumn(width=100),
                "attention": percent_number("attention %", 80),
                "in this run": st.column_config.TextColumn(width=235),
                "by the weights": st.column_config.TextColumn(width=235),
                "agreement": st.column_config.NumberColumn(format="%.2f", width=84, help=AGREEMENT),
            },
            alt="Messages of this head, as they were and as its weights read",
        )
