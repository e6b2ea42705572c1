"""What readings of heads stand on: refusals, constants left out, and what holds at distance 0 only."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts.head_circuits import (
    all_keys,
    all_queries,
    all_values,
    check_token,
    is_valid_at_distance_zero_only,
    readable_head,
)
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.model.check_up import Capability, CheckUp


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "Qwen3", "OLMo 2", "Gemma 2", "BLOOM"])
def test_all_tokens_are_read_as_each_alone(family, open_family):
    model = open_family(family)
    inputs, states = readable_head(model, 1, 3), model.embedding()
    for found, read in (
        (all_queries(model, inputs, 3), inputs.queries),
        (all_keys(model, inputs, 3), inputs.keys),
        (all_values(model, inputs, 3), inputs.values),
    ):
        assert found.shape == (model.dimensions.d_vocab, model.dimensions.d_head)
        assert_close(found[77], read(states[77])[3], atol=1e-5, rtol=1e-5)


def test_constants_that_no_token_brings_are_left_out(grouped_model, open_family):
    whole, read = grouped_model.head_inputs(0), readable_head(grouped_model, 0, 0)
    assert bool(whole.key_bias.any())
    assert bool(whole.value_bias.any())
    assert not read.key_bias.any()
    assert not read.value_bias.any()
    assert torch.equal(read.query_bias, whole.query_bias)


def test_a_bias_in_front_of_a_norm_of_keys_is_no_constant(open_family, monkeypatch):
    model = open_family("Qwen3")
    whole = replace(model.head_inputs(0), key_bias=torch.ones(4, 16))
    monkeypatch.setattr(model, "head_inputs", lambda layer: whole)
    assert bool(readable_head(model, 0, 0).key_bias.all())


def test_only_rotary_layers_need_the_remark(open_family):
    assert is_valid_at_distance_zero_only(open_family("Llama"), 1)
    assert not is_valid_at_distance_zero_only(open_family("GPT-2"), 1)


@pytest.mark.parametrize(("layer", "head"), [(2, 0), (-1, 0), (0, 4), (0, -1)])
def test_what_is_not_there_is_refused(layer, head, tiny_model):
    with pytest.raises(TargetError, match="Choose one from 0 to"):
        readable_head(tiny_model, layer, head)


@pytest.mark.parametrize("token_id", [-1, 300])
def test_no_such_token(token_id, tiny_model):
    with pytest.raises(TargetError, match="300 tokens"):
        check_token(tiny_model, token_id)


@pytest.mark.parametrize("off", [Capability.CIRCUITS, Capability.LENS])
def test_what_was_not_verified_is_refused(off, tiny_model, monkeypatch):
    findings = tuple(
        replace(finding, passed=finding.capability is not off) for finding in tiny_model.self_test.findings
    )
    monkeypatch.setattr(tiny_model, "self_test", CheckUp(findings))
    with pytest.raises(CapabilityError, match="check-up failed there"):
        readable_head(tiny_model, 0, 0)
