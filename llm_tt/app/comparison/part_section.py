"""What one part does in both runs: its weight, and the tokens that it promotes."""

import streamlit as st

from llm_tt.app.comparison.both_sides import BothSides, compared
from llm_tt.app.comparison.selected_part import select_beside
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notices import plain
from llm_tt.attribution.part_weight import weight_of
from llm_tt.comparison.compared import Comparison
from llm_tt.render.comparison_tables import promoted_columns
from llm_tt.render.part_words import Names, named, sentence_about, title_of
from llm_tt.render.sides import names_of_sides
from llm_tt.render.weight_words import decimals_for, unit_of, weight_text
from llm_tt.tracing.parts import Part

TOP = 8

HINT = "Click a head, an MLP or a state, in a graph or in the table, to see what it promotes in both runs."


def show_part(both: BothSides, part: Part | None, names_given: Names) -> None:
    """The card of the selected part; without one, how to select."""
    comparison = compared(both)
    if part is None:
        st.caption(HINT)
        return
    names = names_of_sides(comparison.first, comparison.second)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"##### {plain(named(title_of(part), names_given))}", width="content")
        st.button(
            "",
            icon=":material/close:",
            help="Nothing selected",
            type="tertiary",
            key="close-part",
            on_click=select_beside,
            args=(None,),
        )
    st.markdown("  \n".join(map(plain, lines_about(comparison, part, names))))
    _show_promoted(comparison, part, names)


def lines_about(comparison: Comparison, part: Part, names: tuple[str, str]) -> list[str]:
    """What the part is in each run, with its weight; positions and tokens are each run's own."""
    lines = []
    own = comparison.part(part, 0), comparison.part(part, 1)
    for run, name, there in zip((comparison.first, comparison.second), names, own, strict=True):
        if there is None:
            lines.append(f"{name}: has no token there")
            continue
        weight = weight_of(run.shares, there)
        told = "" if weight is None else f": {weight_text(weight, unit_of(run.shares))}"
        lines.append(f"{name}: {sentence_about(there, run.trace.prompt.token_strings)}{told}")
    return lines


def _show_promoted(comparison: Comparison, part: Part, names: tuple[str, str]) -> None:
    found = comparison.promoted(part, top=TOP)
    columns = promoted_columns(found, names)
    amounts = [abs(token.change) for token in found.tokens]
    amounts += [
        abs(amount) for token in found.tokens for amount in (token.first, token.second) if amount is not None
    ]
    number = st.column_config.NumberColumn(format=f"%+.{decimals_for(max(amounts))}f", width=54)
    rank = st.column_config.NumberColumn(format="localized", width=54)
    st.markdown(
        "**Promoted tokens**" if part.kind != "state" else "**What the state adds to logits**",
        help="Change of each token's logit, the final norm frozen; ranks among all tokens.",
    )
    st.dataframe(
        columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content" if len(found.tokens) < 16 else 440,
        column_config={
            "token": st.column_config.TextColumn(width=76),
            **dict.fromkeys((*names, "change"), number),
            **{f"rank {name}": rank for name in names},
            "id": None,
        },
        alt="Tokens that this part promotes in both runs",
    )
