"""The card of a head at a position: all that it brings there."""

import streamlit as st

from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import Choose, choose_from_table
from llm_tt.app.inspector.head_maps_section import show_head_maps
from llm_tt.app.inspector.promotion_section import show_promotion
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.app.view import View
from llm_tt.lens.written import written_by
from llm_tt.render.inspector_tables import key_columns
from llm_tt.render.weight_words import unit_of
from llm_tt.tracing.parts import Part


def show_head_card(view: View, part: Part, choose: Choose) -> None:
    """Its messages by weight, its tokens, its maps."""
    _show_messages(view, part, choose)
    show_promotion(view, written_by(view.model, view.trace, part), part.position)
    show_head_maps(view, part)


def _show_messages(view: View, part: Part, choose: Choose) -> None:
    layer, position, head = part.layer, part.position, part.head
    weights = view.shares.attention[layer, head, position, : position + 1]
    keys = weights.abs().argsort(descending=True, stable=True)[: current_options().count]
    attention = view.trace.patterns[layer][head, position, keys]
    unit = unit_of(view.shares)
    with section("Reads from"):
        choose_from_table(
            in_percent(
                key_columns(view.tokens, keys.tolist(), weights[keys].tolist(), attention.tolist(), unit),
                "attention",
            ),
            [Part("message", layer, position, key=key, head=head) for key in keys.tolist()],
            choose,
            key=f"messages-{part}",
            unit=unit,
            column_config={
                "from": st.column_config.TextColumn(width=140),
                "attention": percent_number("attention %", 90),
            },
        )
