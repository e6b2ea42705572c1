"""Every family that we promise: predictions, decompositions, and what is switched off."""

import copy

import pytest
import torch
from einops import einsum
from torch.testing import assert_close

import llm_tt
from llm_tt.model.check_up import Capability
from tests.families.double_precision import KeepDoublePrecision
from tests.families.registry import FAMILIES, build
from tests.families.table import BEGIN, END, README, families_table

TEXT = "A prompt with an é, longer than any window."
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found - expected).abs().max() / expected.abs().max())


def attention_by_parts(model, trace, layer: int) -> torch.Tensor:
    """What attention adds, summed message by message: the plainest way there is."""
    weights = model.layer_weights(layer)
    messages = einsum(
        trace.attention_pattern[layer],
        trace.layer_values(layer),
        weights.head_out,
        "head query key, key head d_head, head d_head d_model -> query key head d_model",
    )
    parts = messages.sum(dim=(1, 2)) + weights.attention_bias
    return parts * trace.attention_scale[layer][:, None]


def mlp_by_parts(model, trace, layer: int) -> torch.Tensor:
    weights = model.layer_weights(layer)
    neurons = einsum(trace.mlp_activations[layer], weights.neuron_out, "pos mlp, mlp model -> pos mlp model")
    return (neurons.sum(1) + weights.mlp_bias) * trace.mlp_scale[layer][:, None]


@every_family
def test_logits_equal_the_plain_model(family, byte_tokenizer):
    plain = build(family)
    model = llm_tt.load_model(copy.deepcopy(plain), byte_tokenizer)
    trace = llm_tt.capture(model, TEXT)
    with torch.no_grad():
        expected = plain(torch.tensor([trace.prompt.token_ids])).logits[0]
    assert_close(trace.logits, expected, atol=1e-4, rtol=0)
    assert_close(model.read_out(trace.resid_post[-1]), expected, atol=1e-4, rtol=0)


@every_family
def test_what_is_switched_off_is_what_we_expect(family, open_family):
    model = open_family(family.name)
    assert {finding.capability for finding in model.self_test.switched_off} == family.switched_off
    assert model.dimensions.parallel_blocks is family.parallel
    assert model.dimensions.mixture_of_experts is (Capability.NEURONS in family.switched_off)


@every_family
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_parts_sum_to_the_whole(family, dtype, tolerance, byte_tokenizer):
    plain = build(family, dtype)
    if family.model_type == "mixtral":
        plain.set_experts_implementation("eager")  # the grouped kernel knows no float64
    with KeepDoublePrecision():
        model = llm_tt.load_model(plain, byte_tokenizer)
        trace = llm_tt.capture(model, TEXT)
        assert trace.logits.dtype == dtype
        for layer in range(trace.n_layers):
            before, after = trace.resid_pre[layer], trace.resid_post[layer]
            attention, mlp = trace.attention_out[layer], trace.mlp_out[layer]
            assert relative(before + attention + mlp, after) < tolerance
            if not family.parallel:
                assert relative(before + attention, trace.resid_mid[layer]) < tolerance
            assert relative(attention_by_parts(model, trace, layer), attention) < tolerance
            if Capability.NEURONS not in family.switched_off:
                assert relative(mlp_by_parts(model, trace, layer), mlp) < tolerance


def test_readme_shows_the_table_of_this_test(open_family):
    shown = README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == families_table(open_family), "run: make families"
