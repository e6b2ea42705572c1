"""What the Concepts page adds to a neuron's card: steering, neurons like it, its cluster, where it fires."""

from typing import Final

import streamlit as st

from llm_tt.app.basket_state import add_edit, current_basket
from llm_tt.app.components.token_cards import show_token_cards
from llm_tt.app.concepts.chosen_neuron import choose_neuron
from llm_tt.app.concepts.clusters_view import clusters_here, open_cluster
from llm_tt.app.concepts.firing_section import show_firing
from llm_tt.app.concepts.index_place import forgotten_if_damaged, index_here
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.navigation import go_to
from llm_tt.app.notices import errors_shown, plain
from llm_tt.app.strengths import usual_size
from llm_tt.app.view import View
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.intervention.steering import NeuronDirection, Steer
from llm_tt.render.token_cards import neuron_cards
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

N_ALIKE: Final = 5


def show_neuron_sections(frame: Frame, view: View, part: Part) -> None:
    """Above the card's own sections."""
    _offer_ways_on(view, part)
    show_firing(frame, part)
    index = index_here(frame)
    if index is not None:
        with forgotten_if_damaged(frame):
            _show_alike(index, view, part)
            _show_cluster(frame, index, part)


def _offer_ways_on(view: View, part: Part) -> None:
    assert part.neuron is not None
    layer, neuron = part.layer, part.neuron

    later, settings = view.later(), view.settings

    def steer() -> None:
        with errors_shown(settings):
            add_edit(Steer.neuron(layer, neuron, first_strength(later(), layer, neuron)))

    is_there = any(
        isinstance(item.edit, Steer)
        and (item.edit.layer, item.edit.direction) == (layer, NeuronDirection(neuron))
        for item in current_basket().items
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Steer with it",
            icon=":material/explore:",
            key="steer-with-neuron",
            on_click=steer,
            disabled=is_there,
            help="Add the neuron's direction to the state behind its layer at every position, as long as "
            "such a state usually is. What changes is said above, where the strength can be moved.",
        )
        if st.button("Show in Flow", icon=":material/account_tree:", key="neuron-in-flow"):
            go_to("Flow")


def first_strength(view: View, layer: int, neuron: int) -> float:
    """So much of a neuron that the step is as long as the layer's states, which is felt."""
    written = view.model.layer_weights(layer).neuron_out
    assert written is not None
    length = max(float(written[neuron].norm()), 1e-3)
    return float(f"{usual_size(Steer.neuron(layer, neuron, 0.0), view.trace) / length:.3g}")


def _show_alike(index: NeuronIndex, view: View, part: Part) -> None:
    assert part.neuron is not None
    position = view.target.position
    with section("Writes alike", "Nearest by the direction that they write; the bar is the cosine."):
        found = index.neighbours(part.layer, part.neuron, top=N_ALIKE)
        show_token_cards(
            neuron_cards(
                index.readings([near.layer * index.d_mlp + near.neuron for near in found]),
                [near.cosine for near in found],
                view.names,
            ),
            key="alike",
            chosen=None,
            on_choose=lambda name: choose_neuron(name, position),
        )


def _show_cluster(frame: Frame, index: NeuronIndex, part: Part) -> None:
    clusters = clusters_here(frame, index)
    if clusters is None or part.neuron is None:
        return
    cluster = clusters.of(part.layer, part.neuron)
    tokens = ", ".join(visible_token(token.token_string) for token in clusters.shared[cluster][:4])

    spec = frame.run.spec

    def show() -> None:
        open_cluster(spec, cluster)
        st.session_state["concepts"] = "clusters"

    with section("Its cluster"):
        st.button(
            f"{len(clusters.members(cluster))} neurons: {plain(tokens) or 'no shared token'}",
            key="its-cluster",
            type="tertiary",
            on_click=show,
        )
