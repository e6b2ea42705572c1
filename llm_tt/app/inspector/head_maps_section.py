"""What a head does over the whole prompt: where it attends, and what that contributed."""

import streamlit as st

from llm_tt.app.inspector.card_sections import section
from llm_tt.app.view import View
from llm_tt.render.head_maps import attention_map, contribution_map
from llm_tt.render.part_words import title_of
from llm_tt.render.weight_words import unit_of
from llm_tt.tracing.parts import Part

CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]]}


def show_head_maps(view: View, part: Part) -> None:
    """Two maps of a head, with the message or the position that is looked at marked."""
    name, unit = title_of(part), unit_of(view.shares)
    with section(f"Attention of {name}", "Rows read from columns."):
        st.plotly_chart(
            attention_map(view.trace.patterns[part.layer][part.head], view.tokens, part.position, part.key),
            config=CONFIG,
            key="attention-map",
            alt=f"Attention map of {name}",
        )
    with section(f"Contributions of {name}", _meaning(unit)):
        st.plotly_chart(
            contribution_map(
                view.shares.attention[part.layer, part.head],
                view.tokens,
                part.position,
                part.key,
                unit=unit,
            ),
            config=CONFIG,
            key="contribution-map",
            alt=f"Contribution map of {name}",
        )


def _meaning(unit: str | None) -> str:
    if unit is None:
        return "Share of each message in the state that it enters."
    return f"What each message adds to the target, in {unit}: blue for it, vermilion against it."
