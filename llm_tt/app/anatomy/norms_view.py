"""What a layer's norm does to a prediction: tokens before it and behind it, those that gain and lose."""

from typing import Final

import streamlit as st

from llm_tt.anatomy.norm_effect import NORMS, NormEffect, NormName, norm_effect
from llm_tt.app.anatomy.norm_table import show_norm_table
from llm_tt.app.cached import Run, kept
from llm_tt.app.choice import choose_one
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.app.view import View
from llm_tt.render.anatomy_tables import norm_columns

NORM_NAMES: Final[dict[NormName, str]] = {"attention": "Attention", "mlp": "MLP"}
WHERE: Final = {"here": "This position", "prompt": "Whole prompt"}
WHERE_EXPLAINED: Final = {
    "here": "The state at the position that is looked at.",
    "prompt": "The mean over all positions of the prompt.",
}
TOP: Final = 10
WIDTH: Final = 208
"""Pixels of a table: four are side by side beside an inspector, two on a small screen."""

_LAYER: Final = "norm-layer"


def show_norms_view(view: View, run: Run, layers: range) -> None:
    """A layer, one of its norms, and four tables; until one is chosen, the first of `layers`."""
    with section("Norms", "The state before a norm and the state behind it, both read by the logit lens."):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer = _choose_layer(view.trace.n_layers, layers)
            norm = choose_one("In front of", NORM_NAMES, key="norm-of-layer", explained=NORMS)
            where = choose_one("Read", WHERE, key="norm-where", explained=WHERE_EXPLAINED)
        position = view.target.position if where == "here" else None
        with place_for_progress():
            effect = _effect_of(view, run, layer, norm, position)
        with st.container(horizontal=True):  # which wraps where columns would shrink
            for heading, table in norm_columns(effect).items():
                with st.container(width=WIDTH, gap="xsmall"):
                    show_norm_table(heading, table)
        st.caption(_numbers_in_words(effect))


def _effect_of(view: View, run: Run, layer: int, norm: NormName, position: int | None) -> NormEffect:
    work = ("norm effect", run, layer, norm, position)

    def make() -> NormEffect:
        with progress_shown("Reading both sides of the norm …", work) as report:
            return norm_effect(view.model, view.trace, layer, norm, position, TOP, progress=report)

    return kept.get(work, make, lambda found: 4 * 200 * TOP)


def _choose_layer(n_layers: int, layers: range) -> int:
    if st.session_state.get(_LAYER) not in range(n_layers):  # another model may have fewer
        st.session_state[_LAYER] = min(layers.start, n_layers - 1) if len(layers) else 0
    chosen = st.selectbox(
        "Layer",
        range(n_layers),
        st.session_state[_LAYER],
        key=_LAYER,
        format_func=lambda layer: f"Layer {layer}",
        persist_state="session",
        width=130,
    )
    return int(chosen)


def _numbers_in_words(effect: NormEffect) -> str:
    """One line."""
    mean = "On average over the prompt: entropy" if effect.position is None else "Entropy"
    shared = " One norm serves attention and MLP of this layer." if effect.is_shared else ""
    return (
        f"{mean} {effect.entropy_before:.2f} nats before, {effect.entropy_after:.2f} behind; "
        f"the predictions are {effect.divergence:.3g} nats apart.{shared}"
    )
