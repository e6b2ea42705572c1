"""Which head is read: a layer and a number, the same head that is chosen elsewhere."""

from typing import Final, NamedTuple

import streamlit as st

from llm_tt.app.bound_widget import BoundWidget
from llm_tt.app.chosen import select_in_any_prompt
from llm_tt.app.view import View
from llm_tt.tracing.parts import Part

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
    of_layer, of_head = BoundWidget("head-layer", layer), BoundWidget("head-number", head)

    def take(chosen: int) -> int:
        read = ChosenHead(st.session_state.get(of_layer.key, layer), st.session_state.get(of_head.key, head))
        select_in_any_prompt(Part("head", read.layer, at, head=read.head))
        return chosen

    layers, heads = range(sizes.n_layers), range(sizes.n_heads)
    with st.container(horizontal=True, gap="small"):
        st.selectbox("Layer", layers, layer, key=of_layer.key, on_change=of_layer.on_change(take), width=90)
        st.selectbox("Head", heads, head, key=of_head.key, on_change=of_head.on_change(take), width=90)
    return ChosenHead(layer, head)


def _head_of(part: Part | None) -> ChosenHead:
    if part is None or part.head is None:
        last: ChosenHead = st.session_state.get(_LAST, ChosenHead(0, 0))
        return last
    return ChosenHead(part.layer, part.head)
