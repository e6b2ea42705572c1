"""The card of a state: what it predicts, how the target fares around it, and what wrote it."""

import streamlit as st

from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT, Choose, choose_from_table
from llm_tt.app.inspector.read_vectors import promoted_by_parts
from llm_tt.app.notices import plain
from llm_tt.app.percent import in_percent, percent_bar
from llm_tt.app.view import View
from llm_tt.attribution.writers import Writers, writers_of
from llm_tt.lens.state_reading import read_state
from llm_tt.lens.token_path import follow_token
from llm_tt.render.inspector_tables import RANK_COLUMNS, part_columns, state_columns
from llm_tt.render.part_words import with_own_names
from llm_tt.render.token_path_figure import token_path_figure
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import unit_of, weight_text
from llm_tt.tracing.parts import Part


def show_state_card(view: View, part: Part, choose: Choose) -> None:
    """Three sections."""
    _show_prediction(view, part)
    _show_target(view, part)
    if part.stage != "embed":
        _show_writers(view, part, choose)


def _show_prediction(view: View, part: Part) -> None:
    with section("Predicts", "Logit lens: what the model would say if it stopped at this state."):
        reading = read_state(view.model, view.trace, part, top=current_options().count)
        st.dataframe(
            in_percent(state_columns(reading), "probability"),
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config={
                "rank": st.column_config.NumberColumn("#", width=30),
                "token": st.column_config.TextColumn(width=78),
                "probability": percent_bar("prob. %", 82),
                "logit": st.column_config.NumberColumn(format="%.2f", width=54),
                **{
                    name: st.column_config.NumberColumn(format="%+d", width=53, help=meaning)
                    for name, meaning in RANK_COLUMNS.items()
                },
                "id": None,
            },
            alt="Tokens that the state predicts",
        )


def _show_target(view: View, part: Part) -> None:
    (token,) = view.model.token_strings([view.target.token_id])
    with section(f"Rank of “{plain(visible_token(token))}” through the layers"):
        path = follow_token(view.model, view.trace, part.position, view.target.token_id)
        st.plotly_chart(
            token_path_figure(path, token, part),
            config={"displayModeBar": False},
            alt="Rank of the target token through the states of this position",
        )


def _show_writers(view: View, part: Part, choose: Choose) -> None:
    writers = writers_of(view.shares, part, top=current_options().count)
    unit = unit_of(view.shares)
    with section("Written by", plain(_rest(writers, unit))):
        choose_from_table(
            with_own_names(
                part_columns(
                    writers.parts, view.tokens, writers.weights, promoted_by_parts(view, writers.parts), unit
                ),
                "part",
                view.names,
            ),
            writers.parts,
            choose,
            key=f"writers-{part}",
            unit=unit,
            column_config={
                "part": st.column_config.TextColumn(width=68),
                "from": st.column_config.TextColumn(width=84),
                "promotes": st.column_config.TextColumn(width=140),
            },
        )


def _rest(writers: Writers, unit: str | None) -> str:
    bias = f"bias {weight_text(writers.bias, unit)}"
    if not writers.n_others:
        return f"Not listed: {bias}."
    return f"Not listed: {writers.n_others} others {weight_text(writers.others, unit)}, {bias}."
