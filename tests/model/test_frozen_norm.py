"""A frozen norm is the norm: linear side times factor, plus its bias."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from llm_tt.model.frozen_norm import FrozenNorm, frozen_norm


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
