"""Which head is read: a layer and a number, the same head that is chosen elsewhere."""

from typing import Final, NamedTuple

import streamlit as st

from llm_tt.app.chosen import select_in_any_prompt
from llm_tt.app.view import View
from llm_tt.tracing.parts import Part

_LAYER: Final = "head-layer"
_HEAD: Final = "head-number"
_LAST: Final = "head_read_last"


class ChosenHead(NamedTuple):
    """A head of the open model."""

    layer: int
    head: int


def choose_head(view: View, part: Part | None) -> ChosenHead:
    """Two menus; the chosen part counts where it is of a head, and follows them; else the one read last."""
    sizes, at = view.model.dimensions, view.target.position
    layer, head = _head_of(part)
    if layer >= sizes.n_layers or head >= sizes.n_heads:  # of another model
        layer, head = ChosenHead(0, 0)
    st.session_state[_LAST] = ChosenHead(layer, head)
    st.session_state[_LAYER], st.session_state[_HEAD] = layer, head

    def take() -> None:
        select_in_any_prompt(Part("head", st.session_state[_LAYER], at, head=st.session_state[_HEAD]))

    with st.container(horizontal=True, gap="small"):
        st.selectbox("Layer", range(sizes.n_layers), key=_LAYER, on_change=take, width=90)
        st.selectbox("Head", range(sizes.n_heads), key=_HEAD, on_change=take, width=90)
    return ChosenHead(layer, head)


def _head_of(part: Part | None) -> ChosenHead:
    if part is None or part.head is None:
        last: ChosenHead = st.session_state.get(_LAST, ChosenHead(0, 0))
        return last
    return ChosenHead(part.layer, part.head)
