"""Ways to the page Compare: from another page, with both prompts and what is explained of each."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.chosen import choose_position
from llm_tt.app.comparison.other_state import forget_other, put_other_prompt
from llm_tt.app.navigation import go_to
from llm_tt.app.prompt_box import put_prompt
from llm_tt.app.typed_token import menu_name
from llm_tt.attribution.method_list import SIGNED_METHOD, WITHOUT_TARGET, Method

TITLE: Final = "Compare"
_WANTED: Final = "compare_wanted"


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side: a prompt, and if wanted the token that is explained and the one it is set against."""

    prompt: str
    token: str | None = None
    """As the model has it, with its leading space; None for the model's own prediction."""
    contrast: str | None = None


def open_in_compare(
    prompt_a: ComparedSide | str, prompt_b: ComparedSide | str, method: Method | None = None
) -> None:
    """Go to the page Compare with two prompts; what was compared there before is forgotten.

    Call it while a page runs, as in `if st.button(...): open_in_compare(clean, corrupted)`; Streamlit goes
    to no other page from inside a callback. A prompt alone is a text; `ComparedSide` also says what is
    explained:

        first, second = ComparedSide(clean, " Mary", " John"), ComparedSide(corrupted, " Anne", " John")
        open_in_compare(first, second, method="relp")

    The model stays what it is. Without a method it also stays, but flow routes give way to one with a target
    where a token is named.
    """
    first, second = (
        side if isinstance(side, ComparedSide) else ComparedSide(side) for side in (prompt_a, prompt_b)
    )
    put_both(first, second, method)
    go_to(TITLE)


def put_both(first: ComparedSide, second: ComparedSide, method: Method | None = None) -> None:
    """The same for whoever is there already; also from inside a callback."""
    put_shown(_as_shown(first), _as_shown(second), method)


def put_shown(first: ComparedSide, second: ComparedSide, method: Method | None = None) -> None:
    """The same with tokens as menus write them."""
    put_prompt(first.prompt)
    choose_position(None)
    forget_other()
    put_other_prompt(second.prompt, second.token, second.contrast)
    st.session_state[_WANTED] = (first.token, first.contrast, method)


def take_wanted() -> None:
    """Choose what was wanted of the first side, once its prompt is there; a new prompt forgets tokens."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is None:
        return
    token, contrast, method = wanted
    st.session_state["token"], st.session_state["contrast"] = token, contrast
    names_a_token = token is not None or contrast is not None
    if method is not None:
        st.session_state["method"] = method
    elif names_a_token and st.session_state.get("method") in (None, *WITHOUT_TARGET):
        st.session_state["method"] = SIGNED_METHOD


def _as_shown(side: ComparedSide) -> ComparedSide:
    token, contrast = (None if token is None else menu_name(token) for token in (side.token, side.contrast))
    return ComparedSide(side.prompt, token, contrast)
