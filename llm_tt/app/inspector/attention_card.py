"""The card of an attention edge: its heads by weight, and one of them read as tokens and as maps."""

from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import Choose, choose_from_table
from llm_tt.app.inspector.head_maps_section import show_head_maps
from llm_tt.app.inspector.promotion_section import show_promotion
from llm_tt.app.inspector.read_vectors import promoted_by_parts
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.app.view import View
from llm_tt.lens.written import written_by
from llm_tt.render.inspector_tables import head_columns
from llm_tt.render.part_words import title_of, with_own_names
from llm_tt.render.weight_words import unit_of
from llm_tt.tracing.parts import Part

SCOPES: Final = ("this message", "whole head", "all heads")
"""What is read as tokens: one head from one position, one head from everywhere, or the whole edge."""


def show_attention_card(view: View, part: Part, choose: Choose) -> None:
    """An edge, or one head's message along it: the same card, opened at the strongest head or at this one."""
    edge = Part("messages", part.layer, part.position, key=part.key)
    assert part.key is not None
    weights = view.shares.heads_of_edge(part.layer, part.position, part.key)
    head = int(weights.abs().argmax()) if part.head is None else part.head
    message = Part("message", part.layer, part.position, key=part.key, head=head)
    _show_heads(view, part, edge, choose)
    scope = st.segmented_control(
        "What is read",
        SCOPES,
        default=last_chosen("scope", SCOPES[0]),
        required=True,
        label_visibility="collapsed",
        key="scope",
        persist_state="session",
        format_func=lambda scope: title_of(message) + ", " + scope if scope == SCOPES[0] else scope,
    )
    whole_head = Part("head", part.layer, part.position, head=head)
    shown = dict(zip(SCOPES, (message, whole_head, edge), strict=True))[scope or SCOPES[0]]
    show_promotion(view, written_by(view.model, view.trace, shown), part.position)
    show_head_maps(view, message)


def _show_heads(view: View, part: Part, edge: Part, choose: Choose) -> None:
    """All heads, strongest first."""
    assert part.key is not None
    weights = view.shares.heads_of_edge(part.layer, part.position, part.key)
    order = weights.abs().argsort(descending=True, stable=True)
    messages = [
        Part("message", part.layer, part.position, key=part.key, head=head) for head in order.tolist()
    ]
    attention = view.trace.patterns[part.layer][:, part.position, part.key]
    unit = unit_of(view.shares)
    with section("Heads"):
        choose_from_table(
            with_own_names(
                in_percent(
                    head_columns(
                        messages, weights[order], attention[order], promoted_by_parts(view, messages), unit
                    ),
                    "attention",
                ),
                "head",
                view.names,
            ),
            messages,
            choose,
            key=f"heads-{part}",
            unit=unit,
            # the edge as a whole marks no head, so that a click on any one chooses it
            chosen=None if part.head is None else part,
            otherwise=None if part.head is None else edge,
            column_config={
                "head": st.column_config.TextColumn(width=58),
                "attention": percent_number("attention %", 78),
                "promotes": st.column_config.TextColumn(width=150),
            },
        )
