"""Both rows of tokens, and a person's corrections of what belongs together."""

import streamlit as st

from llm_tt.app.comparison import other_state as other
from llm_tt.app.comparison.both_sides import BothSides
from llm_tt.app.components.alignment import show_alignment_rows
from llm_tt.app.notices import show_error
from llm_tt.comparison.alignment import Pair, align
from llm_tt.comparison.compared import Comparison
from llm_tt.comparison.pairs_text import pairs_of, pairs_text, with_pair
from llm_tt.errors import ComparisonError
from llm_tt.model.prompt import Prompt
from llm_tt.render.alignment_rows import alignment_in_words, alignment_rows
from llm_tt.render.sides import NAMES

_REFUSED = "pair_refused"


def corrections(prompts: tuple[Prompt, Prompt]) -> tuple[Pair, ...]:
    """Those of the address or of this visit, as far as they can be; what cannot is said and forgotten."""
    try:
        pairs = pairs_of(st.session_state[other.PAIRS] or "")
        align(prompts[0].token_strings, prompts[1].token_strings, pairs)
    except ComparisonError as error:
        show_error(error)
        st.session_state[other.PAIRS] = None
        return ()
    return pairs


def show_alignment(both: BothSides, comparison: Comparison) -> None:
    """The rows, closed as long as nothing is to be seen there."""
    alignment = comparison.alignment
    prompts = comparison.first.trace.prompt, comparison.second.trace.prompt
    refused: ComparisonError | None = st.session_state.pop(_REFUSED, None)
    is_interesting = bool(both.pairs) or not alignment.is_by_position or refused is not None
    target = both.first.target.position, both.second.target.position
    with st.expander(f"Alignment: {alignment_in_words(alignment, prompts)}", expanded=is_interesting):
        if refused is not None:
            show_error(refused)
        rows = alignment_rows(alignment, prompts, NAMES, both.pairs, target)
        show_alignment_rows(rows, name=both.name, on_pair=lambda pair: _take(both, prompts, pair))
        if both.pairs:
            st.button("Align by itself again", key="reset-pairs", on_click=_reset)


def _take(both: BothSides, prompts: tuple[Prompt, Prompt], sent: object) -> None:
    """One more correction; what a browser sends may be anything."""
    match sent:
        case [int() | None as first, int() | None as second] if (first, second) != (None, None):
            pairs = with_pair(both.pairs, (first, second))
        case _:
            return
    target = both.first.target.position, both.second.target.position
    try:
        align(prompts[0].token_strings, prompts[1].token_strings, pairs, target=target)
    except ComparisonError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[other.PAIRS] = pairs_text(pairs)
    st.session_state[other.PART] = None


def _reset() -> None:
    st.session_state[other.PAIRS] = st.session_state[other.PART] = None
