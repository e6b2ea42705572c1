"""The card of a neuron: how active it is, what it writes, what it reads."""

import streamlit as st

from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import Choose
from llm_tt.app.inspector.promotion_section import show_promotion, show_side_by_side
from llm_tt.app.notices import plain
from llm_tt.app.view import View
from llm_tt.lens.neuron_reading import neuron_input_tokens
from llm_tt.lens.written import written_by
from llm_tt.render.activation_figure import activation_figure
from llm_tt.render.number_words import signed_text
from llm_tt.render.position_axis import position_name
from llm_tt.tracing.parts import Part


def show_neuron_card(view: View, part: Part, choose: Choose) -> None:
    """Three sections."""
    assert view.trace.mlp_activations is not None  # `check_part` refuses neurons otherwise
    activations = view.trace.mlp_activations[part.layer, :, part.neuron]
    here = position_name(part.position, view.tokens[part.position])
    with section("Activation", plain(f"{signed_text(float(activations[part.position]), 3)} at {here}")):
        st.plotly_chart(
            activation_figure(activations, view.tokens, part.position),
            config={"displayModeBar": False},
            key="activations",
            alt="Activation at every position",
        )
    show_promotion(view, written_by(view.model, view.trace, part), part.position)
    _show_inputs(view, part)


def _show_inputs(view: View, part: Part) -> None:
    assert part.neuron is not None
    with section("Reads", "Token embeddings along the direction that its activation function looks at."):
        reading = neuron_input_tokens(view.model, part.layer, part.neuron, top=current_options().count)
        show_side_by_side(
            {"excite": reading.activated.excites, "inhibit": reading.activated.inhibits}, "product"
        )
    if reading.factor is not None:
        with section("Multiplied by", "Token embeddings along the direction of its second, linear input."):
            show_side_by_side({"raise": reading.factor.excites, "lower": reading.factor.inhibits}, "product")
