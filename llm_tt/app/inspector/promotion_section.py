"""The tokens that a vector promotes and suppresses, side by side."""

import streamlit as st
from jaxtyping import Float
from torch import Tensor

from llm_tt.app.inspector.card_options import READING_NAMES, current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.view import View
from llm_tt.lens.promotion import READINGS, TokenChanges, promoted_tokens
from llm_tt.render.inspector_tables import change_columns
from llm_tt.render.weight_words import decimals_for


def show_promotion(view: View, vector: Float[Tensor, " d_model"], position: int) -> None:
    """Two tables in the reading that is chosen, with the line that explains it."""
    options = current_options()
    heading = f"Promoted and suppressed, {READING_NAMES[options.reading].lower()}"
    with section(heading, READINGS[options.reading]):
        promotion = promoted_tokens(
            view.model, view.trace, vector, position, top=options.count, reading=options.reading
        )
        show_side_by_side({"promoted": promotion.promoted, "suppressed": promotion.suppressed})


def show_side_by_side(lists: dict[str, TokenChanges], amount: str = "logit") -> None:
    """Lists of tokens as narrow tables, each under its own heading; `amount` is what their numbers are."""
    largest = max(abs(change) for changes in lists.values() for change in changes.changes)
    decimals = decimals_for(largest)
    for column, (heading, changes) in zip(st.columns(len(lists), gap="small"), lists.items(), strict=True):
        with column:
            st.dataframe(
                change_columns(changes, heading, amount),
                hide_index=True,
                row_height=ROW_HEIGHT,
                column_config={
                    heading: st.column_config.TextColumn(width=88),
                    amount: st.column_config.NumberColumn(format=f"%+.{decimals}f", width=62),
                    "id": None,
                },
                alt=f"Tokens that are {heading}",
            )
