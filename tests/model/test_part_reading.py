"""What parts add to the logits: linear, and with the biases the model's own prediction."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.model import part_reading
from tests.conftest import BY_NAME
from tests.families.registry import FAMILIES, build

TEXT = "Parts, as é."


def parts_of(trace):
    """The embedding, and all that was added to it [part pos d_model]."""
    return torch.cat([trace.stream[:1], trace.attention_out, trace.mlp_out])


def largest_error(model, trace):
    parts = parts_of(trace)
    by_parts = model.read_part(parts, trace.final_norm_scale.expand(len(parts), -1)).sum(0)
    biases = model.read_out(torch.zeros_like(trace.stream[-1]))
    error = model.cap_logits(by_parts + biases) - trace.logits
    return float(error.abs().max() / trace.logits.abs().max())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_parts_and_biases_are_the_prediction(family, open_family):
    model = open_family(family.name)
    assert largest_error(model, llm_tt.capture(model, TEXT)) < 1e-5


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_in_double_precision_exactly(family, open_double):
    model = open_double(family.name)
    assert largest_error(model, llm_tt.capture(model, TEXT)) < 1e-12


def test_one_factor_or_one_for_each_part(tiny_model):
    parts = torch.randn(2, 3, 32)
    scales = torch.rand(2, 3)
    logits = tiny_model.read_part(parts, scales)
    assert logits.shape == (2, 3, tiny_model.dimensions.d_vocab)
    assert_close(tiny_model.read_part(parts[1, 2], float(scales[1, 2])), logits[1, 2], atol=1e-5, rtol=1e-5)


def test_a_vector_and_its_opposite_cancel(tiny_model):
    vector = torch.randn(32)
    assert_close(tiny_model.read_part(vector, 2.0), -tiny_model.read_part(-vector, 2.0))
    assert not tiny_model.read_part(torch.zeros(32), 2.0).any()


def test_half_precision_is_upcast_block_by_block(monkeypatch, byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["Llama"]), byte_tokenizer)
    vector = torch.randn(model.dimensions.d_model)
    whole = model.read_part(vector, 1.0)
    bridge = model._bridge
    weight = bridge.unembed.original_component.weight
    half = torch.nn.Parameter(weight.detach().to(torch.bfloat16), requires_grad=False)
    monkeypatch.setattr(bridge.unembed.original_component, "weight", half)
    at_once = model.read_part(vector, 1.0)
    monkeypatch.setattr(part_reading, "NUMBERS_AT_ONCE", 1000)  # 31 rows
    assert_close(model.read_part(vector, 1.0), at_once, atol=1e-5, rtol=1e-5)
    assert_close(at_once, whole, atol=0.05, rtol=0.02)


@pytest.mark.parametrize("family", ["GPT-2", "Gemma 2", "Cohere", "OLMo", "MPT", "Granite"])
def test_unembeddings_are_what_tokens_read(family, open_double):
    model = open_double(family)
    parts = torch.randn(3, 32, dtype=torch.float64)
    read = model.read_part(parts, 1.0)
    assert_close(parts @ model.unembedding(range(300)).T, read, atol=1e-10, rtol=1e-10)
    assert_close(parts @ model.unembedding([7, 3, 3]).T, read[:, [7, 3, 3]], atol=1e-10, rtol=1e-10)
