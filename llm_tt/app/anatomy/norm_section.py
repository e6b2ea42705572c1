"""What a norm does here, on the card of its node."""

import streamlit as st

from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind
from llm_tt.anatomy.norm_effect import NormName, norm_effect
from llm_tt.app.anatomy.norm_table import ON_A_CARD, show_norm_table
from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.view import View
from llm_tt.render.anatomy_tables import norm_columns


def show_norm_section(view: View, node: AnatomyNode) -> None:
    """Tokens before it and behind it, those that gain and those that lose."""
    norm: NormName = "attention" if node.kind is NodeKind.NORM_ATTENTION else "mlp"
    effect = norm_effect(view.model, view.trace, node.layer, norm, node.position, top=current_options().count)
    with section("What the norm does", "The state before it and behind it, both read by the logit lens."):
        tables = list(norm_columns(effect).items())
        for pair in (tables[:2], tables[2:]):
            for column, (heading, table) in zip(st.columns(2, gap="small"), pair, strict=True):
                with column:
                    show_norm_table(heading, table, ON_A_CARD)
