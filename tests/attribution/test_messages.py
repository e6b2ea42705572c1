"""Messages and bias are what attention adds, also through grouped heads and norms behind attention."""

import pytest
import torch
from einops import einsum
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.messages import layer_messages, mlp_bias, scaled_pattern
from tests.attribution.conftest import TEXT


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "Gemma 2", "OLMo 2", "Granite", "GPT-J"])
def test_messages_and_bias_are_what_attention_adds(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    for layer in range(trace.n_layers):
        messages = layer_messages(trace, layer, model.layer_weights(layer))
        total = einsum(
            messages.coefficient, messages.vectors, "head query key, head key d_model -> query d_model"
        )
        assert_close(total + messages.bias, trace.attention_out[layer], atol=1e-5, rtol=1e-4)


def test_neurons_and_bias_are_what_the_mlp_adds(open_family):
    model = open_family("GPT-2")
    trace = llm_tt.capture(model, TEXT)
    weights = model.layer_weights(1)
    neurons = trace.mlp_activations[1] @ weights.neuron_out
    assert_close(neurons + mlp_bias(trace, 1, weights), trace.mlp_out[1], atol=1e-5, rtol=1e-4)


def test_the_pattern_is_not_copied_without_need(open_family):
    trace = llm_tt.capture(open_family("GPT-2"), TEXT)
    assert scaled_pattern(trace, 0) is trace.patterns[0]
    behind_norm = llm_tt.capture(open_family("OLMo 2"), TEXT)
    expected = behind_norm.patterns[0] * behind_norm.attention_scale[0][:, None]
    assert_close(scaled_pattern(behind_norm, 0), expected)


def test_some_queries_are_rows_of_the_whole(open_family):
    trace = llm_tt.capture(open_family("OLMo 2"), TEXT)
    assert torch.equal(scaled_pattern(trace, 0, slice(3, 5)), scaled_pattern(trace, 0)[:, 3:5])
    edited = llm_tt.run_with_edits(open_family("GPT-2"), TEXT, [llm_tt.Ablate.head(1, 2)])
    assert torch.equal(scaled_pattern(edited, 1, slice(3, 5)), scaled_pattern(edited, 1)[:, 3:5])
    assert not scaled_pattern(edited, 1, slice(3, 5))[2].any()
