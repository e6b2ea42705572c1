"""Messages, heads and output neurons, held against building every message."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.layer_heads import LayerHeads

TEXT = "Heads, as é."
POSITION = 7


@pytest.fixture(params=["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2"])
def heads_and_messages(request, open_double):
    """A layer's heads, and all of its messages [head key d_model], built the plainest way."""
    model = open_double(request.param)
    trace = llm_tt.capture(model, TEXT)
    weights = model.layer_weights(1)
    values, pattern = trace.layer_values(1), trace.patterns[1] * trace.attention_scale[1][:, None]
    messages = torch.zeros(4, POSITION + 1, model.dimensions.d_model, dtype=values.dtype)
    for head in range(4):
        for key in range(POSITION + 1):
            written = values[key, head] @ weights.head_out[head]
            messages[head, key] = pattern[head, POSITION, key] * written
    return LayerHeads.of(weights, trace, 1, POSITION), messages


def test_messages_add_up_to_heads(heads_and_messages):
    heads, messages = heads_and_messages
    assert_close(heads.written, messages.sum(1), atol=1e-12, rtol=1e-10)
    some, keys = torch.tensor([0, 2, 2]), torch.tensor([5, 1, 7])
    assert_close(heads.messages(some, keys), messages[some, keys], atol=1e-12, rtol=1e-10)


def test_output_neurons_add_up_to_heads(heads_and_messages):
    heads, messages = heads_and_messages
    outputs = heads.head_out * heads.mixed[..., None]
    assert_close(outputs.sum(1), messages.sum(1), atol=1e-12, rtol=1e-10)


def test_sizes_are_those_of_what_was_not_built(heads_and_messages):
    heads, messages = heads_and_messages
    direction = torch.randn(messages.shape[-1], dtype=messages.dtype)
    outputs = heads.head_out * heads.mixed[..., None]
    for sizes, vectors in ((heads.message_sizes, messages), (heads.output_sizes, outputs)):
        assert_close(sizes("contribution", direction), (vectors @ direction).abs(), atol=1e-10, rtol=1e-8)
        assert_close(sizes("norm", direction), vectors.norm(dim=-1), atol=1e-10, rtol=1e-8)
    assert torch.equal(heads.message_sizes("attention", direction), heads.paid)


def test_lengths_of_nothing_are_no_roots_of_less():
    """Values that a head's matrix does not read: rounding leaves squares on both sides of nothing."""
    own, values = torch.randn(8), torch.randn(1, 1000, 8)
    values = values - (values @ own)[..., None] * own / own.square().sum()
    paid, head_out = torch.ones(1, 1000), own[None, :, None] * torch.randn(16)
    heads = LayerHeads(paid, paid, values, head_out, values.sum(1), values.sum(1) @ head_out[0])
    assert heads.message_sizes("norm", torch.randn(16)).isfinite().all()
