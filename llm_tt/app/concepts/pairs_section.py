"""The strongest pairs of tokens in one circuit of a head, and how much of the search is proven."""

from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.cached import kept
from llm_tt.app.concepts.head_choice import ChosenHead
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.app.view import View
from llm_tt.concepts.head_circuits import Circuit
from llm_tt.concepts.strongest_pairs import TokenPairs, strongest_pairs
from llm_tt.render.circuit_tables import AMOUNTS, pair_columns, proven_sentence

SMALL: Final = 10**8
"""Pairs of tokens that are searched unasked: a fraction of a second."""

SECONDS: Final = 5.0

_ASKED: Final = "pairs_asked_for"


def show_pairs(frame: Frame, view: View, head: ChosenHead, circuit: Circuit) -> None:
    """The pairs; with large vocabularies, when a person asks."""
    with section("Strongest pairs"):
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            hide_same = _switch("Hide same words", "hide-same-words")
            hide_signs = _switch("Only words and numbers", "hide-non-text")
            lowest = _switch("Most suppressed", "lowest-pairs")
        switches = (hide_same, hide_signs, lowest)
        work = ("pairs", frame.run.spec, head, circuit, switches)
        if view.model.dimensions.d_vocab**2 > SMALL and work not in kept:
            st.button(f"Search for at most {SECONDS:.0f} s", key="search-pairs", on_click=_ask, args=(work,))
            if st.session_state.get(_ASKED) != work:
                return
        found = kept.get(
            work, lambda: _search(view, work, head, circuit, switches), lambda pairs: 300 * len(pairs.pairs)
        )
        st.dataframe(
            pair_columns(found, circuit),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=ROW_HEIGHT * 11,
            column_config={AMOUNTS[circuit]: st.column_config.NumberColumn(format="%+.2f", width=80)},
            alt="Strongest pairs of tokens",
        )
        st.caption(proven_sentence(found))


def _switch(label: str, key: str) -> bool:
    return st.checkbox(label, last_chosen(key, False), key=key, persist_state="session")


def _search(
    view: View, work: object, head: ChosenHead, circuit: Circuit, switches: tuple[bool, bool, bool]
) -> TokenPairs:
    hide_same, hide_signs, lowest = switches
    with place_for_progress(), progress_shown("Searching pairs …", work) as report:
        return strongest_pairs(
            view.model,
            head.layer,
            head.head,
            circuit,
            lowest=lowest,
            hide_same_word=hide_same,
            hide_non_text=hide_signs,
            seconds=SECONDS,
            progress=report,
        )


def _ask(work: object) -> None:
    st.session_state[_ASKED] = work
