"""The card of an MLP at a position: what it writes, and which of its neurons do."""

import streamlit as st

from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import Choose, choose_from_table
from llm_tt.app.inspector.promotion_section import show_promotion
from llm_tt.app.inspector.read_vectors import promoted_by_parts
from llm_tt.app.view import View
from llm_tt.lens.written import written_by
from llm_tt.render.inspector_tables import neuron_columns
from llm_tt.render.part_words import with_own_names
from llm_tt.render.weight_words import unit_of
from llm_tt.tracing.parts import Part


def show_mlp_card(view: View, part: Part, choose: Choose) -> None:
    """Neurons by weight, then the block's tokens."""
    show_promotion(view, written_by(view.model, view.trace, part), part.position)
    _show_neurons(view, part, choose)


def _show_neurons(view: View, part: Part, choose: Choose) -> None:
    with section("Neurons", "Strongest first. “Promotes” goes with the sign of the activation."):
        shares = view.neurons(part.layer, part.position)
        assert view.trace.mlp_activations is not None  # otherwise `neurons` refused
        best = shares.neurons.abs().argsort(descending=True, stable=True)[: current_options().count]
        neurons = [Part("neuron", part.layer, part.position, neuron=neuron) for neuron in best.tolist()]
        unit = unit_of(view.shares)
        choose_from_table(
            with_own_names(
                neuron_columns(
                    neurons,
                    shares.neurons[best].tolist(),
                    view.trace.mlp_activations[part.layer, part.position, best].tolist(),
                    promoted_by_parts(view, neurons),
                    unit,
                ),
                "neuron",
                view.names,
            ),
            neurons,
            choose,
            key=f"neurons-{part}",
            unit=unit,
            column_config={
                "neuron": st.column_config.TextColumn(width=78),
                "activation": st.column_config.NumberColumn(format="%+.2f", width=74),
                "promotes": st.column_config.TextColumn(width=140),
            },
        )
