"""A list of cards with tokens, each of which can be clicked."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.render.token_cards import TokenCard, as_data

_cards = st.components.v2.component(
    "llm_tt_token_cards",
    html="<div class='cards'></div>",
    css=read_source("token_cards.css"),
    js=read_source("token_cards.js"),
)


def show_token_cards(
    cards: Sequence[TokenCard], *, key: str, chosen: str | None, on_choose: Callable[[str], None]
) -> None:
    """Draw them; what is clicked is reported before the page runs again, if it is one of these."""
    known = {card.key for card in cards}

    def tell() -> None:
        sent = (st.session_state.get(key) or {}).get("choose")
        card = sent.get("card") if isinstance(sent, Mapping) else None
        if isinstance(card, str) and card in known:
            on_choose(card)

    _cards(key=key, data={"cards": as_data(cards), "chosen": chosen}, on_choose_change=tell)
