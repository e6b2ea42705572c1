"""Which layers are drawn: one to three that follow each other, chosen with a slider, and in the address."""

import re
from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import BoundWidget
from llm_tt.app.link import note

MOST_LAYERS: Final = 3
"""More would not be readable."""

SLIDER_WIDTH: Final = 360
"""Pixels, where there are as many."""

_LAYERS: Final = "drawn"
"""Not "layers", which are those of a search."""


def chosen_layers(n_layers: int, otherwise: int) -> range:
    """The layers that were chosen, as far as there are such; until then one layer."""
    if _LAYERS not in st.session_state:
        st.session_state[_LAYERS] = _read(st.query_params.get(_LAYERS))
    first, last = st.session_state[_LAYERS] or (otherwise, otherwise)
    count = min(last - first + 1, MOST_LAYERS, n_layers)
    last = min(max(last, count - 1), n_layers - 1)
    shown = range(last - count + 1, last + 1)
    is_usual = st.session_state[_LAYERS] is None
    note(_LAYERS, None if is_usual else str(last) if count == 1 else f"{shown[0]}-{last}")
    return shown


def are_layers_chosen() -> bool:
    """Whether a person or an address said which."""
    return st.session_state.get(_LAYERS) is not None


def choose_layer(layer: int) -> None:
    """Draw this one alone."""
    st.session_state[_LAYERS] = (layer, layer)


def offer_layers(n_layers: int, shown: range) -> None:
    """The slider chooses the last one, and beside it stands how many there are."""
    if n_layers == 1:
        st.caption("The model has one layer.")
        return
    of_last, of_count = BoundWidget("last-layer", shown[-1]), BoundWidget("layer-count", len(shown))

    def take(chosen: int) -> int:
        last = st.session_state.get(of_last.key, shown[-1])
        count = st.session_state.get(of_count.key) or 1
        st.session_state[_LAYERS] = (last - count + 1, last)
        return chosen

    st.slider(
        "Up to layer",
        0,
        n_layers - 1,
        shown[-1],
        key=of_last.key,
        on_change=of_last.on_change(take),
        width=SLIDER_WIDTH,
    )
    st.segmented_control(
        "Layers",
        range(1, min(MOST_LAYERS, n_layers) + 1),
        default=len(shown),
        key=of_count.key,
        on_change=of_count.on_change(take),
        required=True,
        help="How many layers are drawn, side by side.",
    )


def _read(text: str | None) -> tuple[int, int] | None:
    """2, or 2-3."""
    found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", text or "")
    if found is None:
        return None
    first = int(found[1])
    return first, max(first, int(found[2] or first))
