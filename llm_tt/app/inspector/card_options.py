"""What all cards share: how vectors are read as tokens, and how many tokens are listed."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.choice import choose_one
from llm_tt.lens.promotion import READINGS, Reading

READING_NAMES: Final[dict[Reading, str]] = {"exact": "Exact change", "alone": "By itself"}
COUNTS: Final = (10, 30, 50)
MENU_WIDTH: Final = 380
"""Pixels: no wider than a card."""


@dataclass(frozen=True, slots=True)
class CardOptions:
    """The person's choice, kept from card to card."""

    reading: Reading
    count: int


def current_options() -> CardOptions:
    """What is chosen now."""
    return CardOptions(
        reading=st.session_state.get("reading") or "exact",
        count=st.session_state.get("count") or COUNTS[0],
    )


def choose_options() -> None:
    """A small menu whose label says what is chosen."""
    chosen = current_options()
    label = f"{READING_NAMES[chosen.reading]} · {chosen.count}"
    menu = st.popover(label, type="tertiary", help="How vectors are read as tokens, and how many are listed.")
    with menu, st.container(width=MENU_WIDTH):
        choose_one("Promoted and suppressed tokens", READING_NAMES, key="reading")
        for reading, name in READING_NAMES.items():
            st.caption(f"**{name}**: {READINGS[reading]}")
        st.segmented_control(
            "Tokens in a list",
            COUNTS,
            default=last_chosen("count", COUNTS[0]),
            required=True,
            key="count",
            persist_state="session",
        )
