"""The card of a neuron: its sign decides what it promotes."""

import json

import pytest

from llm_tt.lens.neuron_reading import neuron_input_tokens
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.render.number_words import signed_text


def a_neuron(view, sign):
    activations = view.trace.mlp_activations[1, 9] * sign
    return int(activations.argmax())


@pytest.mark.parametrize("sign", [1, -1])
def test_what_it_promotes_goes_with_its_sign(view, open_card, words, sign):
    neuron = a_neuron(view, sign)
    page = open_card(view, f"L1N{neuron}@9")
    activation = float(view.trace.mlp_activations[1, 9, neuron])
    assert activation * sign > 0
    vector = view.model.layer_weights(1).neuron_out[neuron] * activation
    promotion = promoted_tokens(view.model, view.trace, vector, 9)
    assert list(page.dataframe[0].value.id) == list(promotion.promoted.token_ids)
    assert f"{signed_text(activation, 3)} at" in words(page)


def test_its_activation_at_every_position(view, open_card):
    neuron = a_neuron(view, 1)
    chart = open_card(view, f"L1N{neuron}@9").get("plotly_chart")[0]
    (bars,) = json.loads(chart.proto.spec)["data"]
    assert bars["y"] == pytest.approx(view.trace.mlp_activations[1, :, neuron].tolist())


@pytest.mark.parametrize(("family", "n_tables"), [("GPT-2", 4), ("Llama, with biases", 6)])
def test_what_it_reads_as_tokens(view_of, open_card, family, n_tables):
    view = view_of(family)
    tables = [table.value for table in open_card(view, "L1N7@9").dataframe]
    reading = neuron_input_tokens(view.model, 1, 7)
    assert len(tables) == n_tables
    expected = [reading.activated.excites, reading.activated.inhibits]
    if reading.factor is not None:
        expected += [reading.factor.excites, reading.factor.inhibits]
    for table, tokens in zip(tables[2:], expected, strict=True):
        assert list(table.id) == list(tokens.token_ids)
        assert list(table["product"]) == list(tokens.changes)


def test_experts_have_no_neurons(view_of, open_card, words):
    page = open_card(view_of("Mixtral"), "L1N3@9")
    assert len(page.text) == 3
    assert not page.dataframe
