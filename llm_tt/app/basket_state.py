"""The interventions of one visitor: the same on all pages, in the address, and with a way back."""

from typing import Final

import streamlit as st

from llm_tt.app.link import LONGEST_IN_LINK, note
from llm_tt.errors import InterventionError
from llm_tt.intervention.basket import Basket
from llm_tt.intervention.edits import Edit

LONGEST_WAY_BACK: Final = 50

_BASKET: Final = "basket"
_BEFORE: Final = "baskets_before"
_SHOWN: Final = "basket_shown"
_LINK: Final = "edits"
_REFUSED: Final = "edit_refused"
_VERSION: Final = "basket_version"


def current_basket() -> Basket:
    """What the visitor gathered; on a first visit, what the address says.

    Raises:
        InterventionError: the address holds no list of edits. The basket is empty from then on.
    """
    if _BASKET not in st.session_state:
        st.session_state[_BASKET] = Basket()
        text = st.query_params.get(_LINK)
        if text:
            st.session_state[_BASKET] = Basket.from_link(text)
    basket: Basket = st.session_state[_BASKET]
    return basket


def change_basket(basket: Basket, *, rows_stay: bool = False) -> None:
    """Another list; the one before can be brought back. `rows_stay` where the rows show it already."""
    if not rows_stay:
        _make_rows_anew()
    before: list[Basket] = st.session_state.setdefault(_BEFORE, [])
    before.append(current_basket())
    del before[:-LONGEST_WAY_BACK]
    st.session_state[_BASKET] = basket


def add_edit(edit: Edit) -> None:
    """One more intervention, switched on; where there are too many, that is said above the next page."""
    try:
        change_basket(current_basket().add(edit), rows_stay=True)
    except InterventionError as refusal:
        st.session_state[_REFUSED] = refusal


def take_refusal() -> InterventionError | None:
    """Why nothing was added, said once."""
    refusal: InterventionError | None = st.session_state.pop(_REFUSED, None)
    return refusal


def undo() -> None:
    """The list as it was before the last change."""
    if can_undo():
        _make_rows_anew()
        st.session_state[_BASKET] = st.session_state[_BEFORE].pop()


def can_undo() -> bool:
    """Whether something was changed."""
    return bool(st.session_state.get(_BEFORE))


def row_version() -> int:
    """Grows when rows are to be made anew: part of the keys of their widgets.

    A browser goes on sending what stood in a widget that is out of sight, such as in a closed menu, whatever
    the page writes into it.
    """
    return int(st.session_state.get(_VERSION, 0))


def _make_rows_anew() -> None:
    st.session_state[_VERSION] = row_version() + 1


def is_in_link() -> bool:
    """Write the list into the address, if it is short enough."""
    text = current_basket().to_link() if current_basket().items else None
    fits = text is None or len(text) <= LONGEST_IN_LINK
    note(_LINK, text if fits else None)
    return fits


def mark_as_shown() -> None:
    """The page that runs now shows this list."""
    st.session_state[_SHOWN] = current_basket()


def changed_since_shown() -> bool:
    """Whether a part of the page changed the list, so that the whole page has to follow."""
    return bool(st.session_state.get(_SHOWN) != current_basket())
