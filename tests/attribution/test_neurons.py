"""Neurons close the sum behind their MLP: as shares to one, signed to what the MLP contributes."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.method_list import WITH_TARGET
from llm_tt.attribution.methods import attribute
from llm_tt.attribution.neurons import attribute_neurons, neuron_totals
from llm_tt.errors import AttributionError, CapabilityError
from tests.attribution.conftest import TEXT
from tests.families.registry import FAMILIES

WITH_NEURONS = [family.name for family in FAMILIES if not family.switched_off]


@pytest.mark.parametrize("family", WITH_NEURONS)
def test_shares_add_up_to_one(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "ifr")
    for norm in ("l1", "l2"):
        found = attribute_neurons(model, trace, shares, layer=1, position=4, norm=norm)
        assert float(found.neurons.sum()) + found.state + found.bias == pytest.approx(1, abs=1e-5)
        assert found.neurons.min() >= 0


@pytest.mark.parametrize("family", WITH_NEURONS)
@pytest.mark.parametrize("method", WITH_TARGET)
@pytest.mark.parametrize("baseline", ["mean", "zero"])
def test_signed_neurons_add_up_to_their_mlp(family, method, baseline, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    layer, position = 1, len(trace.prompt) - 1
    shares = attribute(model, trace, method, baseline=baseline, target_token=7, contrast_token=9)
    found = attribute_neurons(model, trace, shares, layer=layer, position=position, baseline=baseline)
    gradient = shares.gradients.post[layer, position]
    size = float(found.neurons.abs().sum())
    whole = float(trace.resid_post[layer, position] @ gradient)
    assert float(found.neurons.sum()) + found.state + found.bias == pytest.approx(whole, abs=1e-5 * size)
    if baseline == "mean" and method != "dla" and family != "GLM-4":
        bias = model.layer_weights(layer).mlp_bias
        if not bias.any() or (trace.mlp_scale == 1).all():
            expected = float(shares.mlp[layer, position])
            assert float(found.neurons.sum()) == pytest.approx(expected, abs=1e-4 * size)


def test_one_neuron_by_hand(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    shares = attribute(tiny_model, trace, "gradact", baseline="zero", target_token=7)
    found = attribute_neurons(tiny_model, trace, shares, layer=0, position=2, baseline="zero")
    written = trace.mlp_activations[0, 2, 11] * tiny_model.layer_weights(0).neuron_out[11]
    assert float(found.neurons[11]) == pytest.approx(float(written @ shares.gradients.post[0, 2]), rel=1e-4)


def test_a_mixture_of_experts_says_that_it_has_none(open_family):
    model = open_family("Mixtral")
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "ifr")
    with pytest.raises(CapabilityError, match="Single neurons are not available"):
        attribute_neurons(model, trace, shares, layer=0, position=0)


def test_neurons_that_all_lead_away_share_equally(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    stream = torch.zeros_like(trace.stream)
    empty = type(trace)(**{name: getattr(trace, name) for name in trace.__slots__} | {"stream": stream})
    shares = attribute(tiny_model, trace, "ifr")
    found = attribute_neurons(tiny_model, empty, shares, layer=0, position=0)
    assert torch.allclose(found.neurons, torch.tensor(1 / (tiny_model.dimensions.d_mlp + 2)))


@pytest.mark.parametrize("method", ["ifr", "gradact"])
@pytest.mark.parametrize("family", ["GPT-2", "Gemma 2"])
def test_neurons_of_an_edited_mlp_close_its_sum(method, family, open_family):
    """Scaled, replaced in part by its mean, and steered beside it."""
    model = open_family(family)
    edits = [
        llm_tt.Scale.mlp(1, 0.5),
        llm_tt.Ablate.mlp(1, strength=0.25),
        llm_tt.SetNeuron(1, 3, 4.0),
        llm_tt.Steer.tokens(1, 7, strength=2.0),
    ]
    trace = llm_tt.run_with_edits(model, TEXT, edits)
    target = {} if method == "ifr" else {"target_token": 7, "contrast_token": 9}
    shares = attribute(model, trace, method, **target)
    position = len(trace.prompt) - 1
    found = attribute_neurons(model, trace, shares, layer=1, position=position)
    if method == "ifr":
        assert float(found.neurons.sum()) + found.state + found.bias == pytest.approx(1, abs=1e-5)
        return
    size = float(found.neurons.abs().sum())
    whole = float(trace.resid_post[1, position] @ shares.gradients.post[1, position])
    assert float(found.neurons.sum()) + found.state + found.bias == pytest.approx(whole, abs=1e-5 * size)
    if family == "GPT-2":  # the bias of the MLP is in both baselines
        bias = model.layer_weights(1).mlp_bias @ shares.gradients.post[1, position]
        assert bias.abs() > 1e-4
        expected = float(shares.mlp[1, position])
        assert float(found.neurons.sum()) == pytest.approx(expected, abs=1e-4 * size)


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J"])
@pytest.mark.parametrize("method", WITH_TARGET)
def test_totals_are_the_sums_over_positions(family, method, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, method, target_token=7, contrast_token=9)
    totals = neuron_totals(model, trace, shares)
    for layer in range(trace.n_layers):
        each = [
            attribute_neurons(model, trace, shares, layer=layer, position=position).neurons
            for position in range(len(trace.prompt))
        ]
        expected = torch.stack(each).sum(0)
        assert torch.allclose(totals[layer], expected, rtol=1e-4, atol=1e-5 * float(expected.abs().max()))


def test_shares_of_single_sums_do_not_add_up(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(AttributionError, match="belong to one sum each"):
        neuron_totals(tiny_model, trace, attribute(tiny_model, trace, "ifr"))


@pytest.mark.parametrize("method", ["ifr", "relp", "dla"])
def test_positions_may_be_counted_from_the_end(method, tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    shares = attribute(tiny_model, trace, method)
    last = len(trace.prompt) - 1
    found, expected = (
        attribute_neurons(tiny_model, trace, shares, layer=1, position=position) for position in (-1, last)
    )
    torch.testing.assert_close(found.neurons, expected.neurons)
    assert (found.state, found.bias) == (expected.state, expected.bias)
