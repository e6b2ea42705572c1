"""A frozen norm is the norm: linear side times factor, plus its bias."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import llm_tt
from llm_tt.model.frozen_norm import FrozenNorm, frozen_norm
from tests.families.registry import FAMILIES

every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "Gemma 2", "OLMo", "Cohere", "MPT"])
def test_applied_and_scaled_it_is_the_norm(family, open_double):
    bridge = open_double(family)._bridge
    norm = bridge.ln_final
    states = torch.randn(1, 5, 32, dtype=torch.float64) + 1
    frozen = frozen_norm(bridge, norm, torch.float64)
    deviation = states - states.mean(-1, keepdim=True) if frozen.is_centred else states
    component = norm.original_component
    eps = getattr(component, "eps", getattr(component, "variance_epsilon", 1e-5))  # OLMo's is a constant
    scale = (deviation.square().mean(-1, keepdim=True) + eps).rsqrt()
    bias = norm(torch.zeros_like(states))
    assert_close(frozen.apply(states) * scale + bias, norm(states), atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("is_centred", [True, False])
def test_folded_directions_read_the_same(is_centred):
    frozen = FrozenNorm(torch.randn(8, dtype=torch.float64), is_centred)
    states, directions = torch.randn(2, 5, 8, dtype=torch.float64)
    behind = frozen.apply(states) @ directions.T
    assert_close(states @ frozen.fold_into(directions).T, behind, atol=1e-12, rtol=1e-12)


def test_no_norm_changes_nothing(tiny_model):
    parts = torch.randn(3, 32)
    for norm in (None, nn.Identity()):
        frozen = frozen_norm(tiny_model._bridge, norm, torch.float32)
        assert torch.equal(frozen.apply(parts), parts)
        assert torch.equal(frozen.fold_into(parts), parts)


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "Gemma 2", "OLMo", "Cohere", "MPT"])
def test_divided_and_with_its_bias_it_is_the_norm(family, open_double):
    bridge = open_double(family)._bridge
    states = torch.randn(1, 5, 32, dtype=torch.float64) + 1
    frozen = frozen_norm(bridge, bridge.ln_final, torch.float64)
    bias = 0 if frozen.bias is None else frozen.bias
    assert_close(
        frozen.apply(states) / frozen.divisor(states) + bias, bridge.ln_final(states), atol=1e-12, rtol=1e-12
    )


def test_without_a_norm_nothing_is_divided(tiny_model):
    frozen = frozen_norm(tiny_model._bridge, None, torch.float32)
    assert torch.equal(frozen.divisor(torch.randn(3, 32)), torch.ones(3, 1))


@every_family
def test_block_norms_give_what_flows_behind_the_norms(family, open_double):
    """Held against the modules' own output in a run, whatever a family calls them."""
    model = open_double(family.name)
    names = set(model._bridge.hook_dict)
    trace = llm_tt.capture(model, "Norms, as é.")
    for layer in range(trace.n_layers):
        norms = model.block_norms(layer)
        between = trace.resid_pre if trace.resid_mid is None else trace.resid_mid
        shown = outputs_of_norms(model, layer, trace.prompt.token_ids)
        assert (norms.attention.epsilon is not None) is ("ln1" in shown)
        assert norms.is_shared is ("ln1" in shown and f"blocks.{layer}.ln2.hook_out" not in names)
        for norm, name, states in (
            (norms.attention, "ln1", trace.resid_pre[layer]),
            (norms.mlp, "ln2", between[layer]),
        ):
            expected = shown.get(name, shown.get("ln1") if norms.is_shared else states)
            assert_close(norm.normed(states), expected, atol=1e-12, rtol=1e-12)


def outputs_of_norms(model, layer, token_ids):
    """What the modules in front of attention and MLP put out, as far as there are such."""
    found = {}

    def keep(name):
        def copy(tensor, hook):
            found[name] = tensor.detach().reshape(len(token_ids), -1).clone()

        return copy

    hooks = [
        (hook, keep(name))
        for name in ("ln1", "ln2")
        if (hook := f"blocks.{layer}.{name}.hook_out") in model._bridge.hook_dict
    ]
    with torch.no_grad():
        model._bridge.run_with_hooks(torch.tensor([token_ids]), fwd_hooks=hooks)
    return found
