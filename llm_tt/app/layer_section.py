"""One layer opened: the state before, the heads and neurons that change it most, the state after."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import Run, updates_of_run
from llm_tt.app.choice import choose_one
from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.choosing import ROW_HEIGHT, Choose, choose_from_table
from llm_tt.app.notices import plain
from llm_tt.app.view import View
from llm_tt.lens.layer_updates import ORDERS, LayerUpdates, Order
from llm_tt.lens.state_reading import read_state, states_of
from llm_tt.render.number_words import signed_text
from llm_tt.render.part_words import Names, with_own_names
from llm_tt.render.position_axis import position_name
from llm_tt.render.trace_tables import UPDATE_COLUMNS, update_columns
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

ORDER_NAMES: Final[dict[Order, str]] = {"contribution": "To the target", "share": "Share", "norm": "Length"}


def show_layer(run: Run, view: View, layer: int, part: Part | None, choose: Choose) -> None:
    """Three columns."""
    position = view.target.position
    place = plain(position_name(position, view.tokens[position]))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### Layer {layer} at {place}", width="content")
        order = choose_one("Order", ORDER_NAMES, key="update-order", explained=ORDERS, hide_label=True)
    updates = updates_of_run(run, view.target, layer, order, current_options().count)
    before, between, after = st.columns([1.25, 4.3, 1.25], gap="small")
    with before:
        _show_state(view, _state_before(view, layer), "Before", updates.before)
    with between:
        _show_updates(updates, part, choose, view.names)
    with after:
        _show_state(view, Part("state", layer, position, stage="post"), "After", updates.after)


def _state_before(view: View, layer: int) -> Part:
    position = view.target.position
    if layer == 0:
        return states_of(view.trace, position)[0]
    return Part("state", layer - 1, position, stage="post")


def _show_state(view: View, state: Part, heading: str, holds: float) -> None:
    """The strongest tokens of a state; and what it holds of the target, as the sum counts it."""
    ranking = read_state(view.model, view.trace, state, top=current_options().count).ranking
    st.markdown(f"**{heading}**  \n:small[:gray[{plain(str(state))}: {signed_text(holds)}]]")
    st.dataframe(
        {
            "token": [visible_token(token) for token in ranking.token_strings],
            "prob. %": [100 * probability for probability in ranking.probabilities],
        },
        hide_index=True,
        row_height=ROW_HEIGHT,
        column_config={
            "token": st.column_config.TextColumn(width=76),
            "prob. %": st.column_config.NumberColumn(format="%.2f", width=62),
        },
        alt=f"Tokens that the state {heading.lower()} the layer predicts",
    )


def _show_updates(updates: LayerUpdates, part: Part | None, choose: Choose, names: Names) -> None:
    parts = [row.part for row in updates.rows]
    st.markdown(
        "**Updates**  \n:small[:gray[All rows together lead from before to after: "
        f"{signed_text(updates.after - updates.before)}]]"
    )
    choose_from_table(
        with_own_names(update_columns(updates), "part", names),
        parts,
        choose,
        key=f"updates-{updates.layer}-{updates.target.position}-{updates.order}-{part}",
        unit="logits",
        chosen=part,
        column_config={
            "part": st.column_config.TextColumn(width=98),
            "activation": st.column_config.NumberColumn(
                help=UPDATE_COLUMNS["activation"], format="%+.2f", width=72
            ),
            "share %": st.column_config.NumberColumn(help=UPDATE_COLUMNS["share %"], format="%.1f", width=54),
            "norm": st.column_config.NumberColumn(help=UPDATE_COLUMNS["norm"], format="%.2f", width=52),
            "promotes": st.column_config.TextColumn(help=UPDATE_COLUMNS["promotes"], width=98),
            "suppresses": st.column_config.TextColumn(help=UPDATE_COLUMNS["suppresses"], width=98),
        },
    )
