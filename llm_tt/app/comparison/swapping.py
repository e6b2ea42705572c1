"""Both sides exchanged."""

import streamlit as st

from llm_tt.app.comparison import other_state as other
from llm_tt.app.comparison.opening import ComparedSide, put_shown
from llm_tt.app.prompt_box import prompt_now
from llm_tt.comparison.pairs_text import pairs_of, pairs_text
from llm_tt.errors import ComparisonError


def offer_swap() -> None:
    """A button."""
    st.button(
        "Swap A and B",
        icon=":material/swap_horiz:",
        key="swap-sides",
        on_click=_swap,
        help="Prompts, tokens, methods and models change sides; interventions stay with B.",
    )


def _swap() -> None:
    state = st.session_state
    first = prompt_now("")
    tokens = state.get("token"), state.get("contrast")
    mine = ComparedSide(first, *tokens)
    other_side = ComparedSide(
        state[other.PROMPT] or first, state[other.TOKEN] or tokens[0], state[other.CONTRAST] or tokens[1]
    )
    kept = {name: state[name] for name in (other.METHOD, other.MODEL, other.EDITED, other.PAIRS)}
    own = {other.METHOD: state.get("method"), other.MODEL: state.get("model")}
    put_shown(other_side, mine, kept[other.METHOD])
    if kept[other.METHOD]:
        state[other.METHOD] = own[other.METHOD]
    if kept[other.MODEL]:
        state["model"], state[other.MODEL] = kept[other.MODEL], own[other.MODEL]
    state[other.EDITED] = kept[other.EDITED]
    state[other.PAIRS] = _turned(kept[other.PAIRS])


def _turned(text: str | None) -> str | None:
    try:
        return pairs_text([(second, first) for first, second in pairs_of(text or "")]) or None
    except ComparisonError:
        return None
