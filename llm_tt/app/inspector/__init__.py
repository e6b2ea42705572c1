"""The inspector: one card for whatever is chosen, the same card wherever it was chosen."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from llm_tt.app.inspector.attention_card import show_attention_card
from llm_tt.app.inspector.card_header import show_header
from llm_tt.app.inspector.choosing import Choose
from llm_tt.app.inspector.head_card import show_head_card
from llm_tt.app.inspector.mlp_card import show_mlp_card
from llm_tt.app.inspector.neuron_card import show_neuron_card
from llm_tt.app.inspector.residual_card import show_residual_card
from llm_tt.app.inspector.state_card import show_state_card
from llm_tt.app.notices import errors_shown
from llm_tt.app.view import View
from llm_tt.lens.state_reading import states_of
from llm_tt.lens.written import check_part
from llm_tt.tracing.parts import Part, PartKind

_CARDS: Final[dict[PartKind, Callable[[View, Part, Choose], None]]] = {
    "state": show_state_card,
    "residual": show_residual_card,
    "messages": show_attention_card,
    "message": show_attention_card,
    "head": show_head_card,
    "mlp": show_mlp_card,
    "neuron": show_neuron_card,
}

HINT: Final = "Click anything to read it here. This is where the prediction is made:"


def show_inspector(
    view: View,
    part: Part | None,
    choose: Choose,
    *,
    hint: str = HINT,
    more: Callable[[], None] | None = None,
) -> None:
    """The card of a part, into the container that is open; without a part, the state that predicts.

    `choose` is called in callbacks, with the part that a person went on to, or None for nothing. `more` is
    what a page has to add, below the card's head.
    """
    with errors_shown(view.settings):
        if part is None:
            st.caption(hint)
        shown = states_of(view.trace, view.target.position)[-1] if part is None else part
        check_part(view.trace, shown)
        show_header(view, shown, choose, closable=part is not None)
        if more is not None:
            more()
        _CARDS[shown.kind](view, shown, choose)
