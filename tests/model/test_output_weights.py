"""Folding: what reaches the stream, as one matrix."""

import pytest
from torch.testing import assert_close


def storage(tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def test_nothing_is_copied_where_there_is_nothing_to_fold(tiny_model):
    first, again = tiny_model.layer_weights(0), tiny_model.layer_weights(0)
    assert storage(first.head_out) == storage(again.head_out)
    assert storage(first.neuron_out) == storage(again.neuron_out)


@pytest.mark.parametrize("name", ["Gemma 2", "OLMo 2", "Granite"])
def test_post_norms_and_multipliers_are_folded(name, open_family):
    model = open_family(name)
    block = model._bridge.blocks[1]
    raw = block.attn.W_O
    if name == "Granite":
        expected = raw * 0.22
    else:
        gamma = block.ln1_post.original_component.weight
        expected = raw * (gamma + 1 if name == "Gemma 2" else gamma)
    assert_close(model.layer_weights(1).head_out, expected.detach())


def test_a_missing_bias_is_a_zero_bias(open_family):
    weights = open_family("Llama").layer_weights(0)
    assert weights.attention_bias.abs().sum() == weights.mlp_bias.abs().sum() == 0


def test_a_mixture_of_experts_has_no_neuron_matrix(open_family):
    model = open_family("Mixtral")
    assert model.dimensions.d_mlp == 0
    assert model.layer_weights(0).neuron_out is None
