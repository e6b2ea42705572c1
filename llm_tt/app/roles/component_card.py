"""The chosen head, MLP or neuron: its numbers, its roles with their evidence, and what it attends to."""

import streamlit as st

from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notices import plain
from llm_tt.render.number_words import percent_text
from llm_tt.render.part_words import Names, named
from llm_tt.render.role_cells import amount_text, share_text
from llm_tt.render.role_tables import attention_columns
from llm_tt.summaries.report import Report


def show_component(report: Report, component: str, names: Names) -> None:
    """A card; of one that these prompts do not list, a sentence."""
    st.markdown(f"##### {plain(named(component, names))}")
    row = report.parts.named(component) or report.neurons.named(component)
    if row is None:
        st.caption("None of these prompts lists it.")
        return
    towards = (
        ""
        if row.towards is None
        else f", towards the target in {percent_text(row.towards, 0)} of the prompts"
    )
    n_rows = len(report.parts.rows if row.component.kind != "neuron" else report.neurons.rows)
    st.caption(
        plain(
            f"Share {share_text(row.share)}, place {row.place} of {n_rows} "
            f"({row.place_low} to {row.place_high}). "
            f"Contribution {amount_text(row.contribution)} at all positions together{towards}."
        )
    )
    if row.component.kind == "head":
        _show_roles(report, component)
        _show_attention(report, component)


def _show_roles(report: Report, head: str) -> None:
    roles = [role for role in report.roles if role.head == head]
    if not roles:
        st.caption("No role found by evidence.")
    for role in roles:
        st.markdown(f"**{role.name}**  \n:small[:gray[{plain(role.sentence)}]]")


def _show_attention(report: Report, head: str) -> None:
    seen = [one for one in report.attention if one.head == head]
    with section("What it attends to", "Means over the prompts that have such a pair of tokens."):
        st.dataframe(
            attention_columns(seen),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height="content",
            column_config={
                "attends to": st.column_config.TextColumn(width=150),
                "attention": st.column_config.NumberColumn(format="%.2f", width=62),
                "95 %": st.column_config.TextColumn(width=80),
                "chance": st.column_config.NumberColumn(format="%.2f", width=52),
                "prompts": st.column_config.NumberColumn(width=54),
            },
            key=f"attention-of-{head}",
            alt="What the head attends to",
        )
