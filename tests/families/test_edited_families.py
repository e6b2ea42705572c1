"""Every family under every kind of edit: sums close, and shares and contributions add up as without edits."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.messages import layer_messages, mlp_bias
from llm_tt.attribution.method_list import WITH_TARGET
from llm_tt.intervention.run import run_with_edits
from llm_tt.intervention.steering import NeuronDirection, Steer
from llm_tt.model.check_up import Capability
from tests.families.registry import FAMILIES
from tests.intervention.kinds_of_edits import EVERY_KIND

TEXT = "Some words."
TARGET = {"target_position": -2, "target_token": 7, "contrast_token": 9}
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


ONE_BY_ONE = {"GPT-2", "Llama", "GPT-J", "Gemma 2", "GPT-Neo"}
"""Families that show every kind alone: plain, grouped, parallel, with norms behind, with late patterns."""


def edits_for(family):
    """All kinds together, for some families also each alone; without neurons where there are none."""
    kinds = {
        name: edit
        for name, edit in EVERY_KIND.items()
        if Capability.NEURONS not in family.switched_off
        or not (
            isinstance(edit.direction, NeuronDirection)
            if isinstance(edit, Steer)
            else edit.component.kind == "neuron"
        )
    }
    together = {"all": list(kinds.values())}
    if family.name not in ONE_BY_ONE:
        return together
    return {**{name: [edit] for name, edit in kinds.items()}, **together}


@every_family
def test_parts_sum_to_what_is_added(family, open_family):
    model = open_family(family.name)
    for name, edits in edits_for(family).items():
        trace = run_with_edits(model, TEXT, edits)
        for layer in range(trace.n_layers):
            weights = model.layer_weights(layer)
            messages = layer_messages(trace, layer, weights)
            attention = torch.einsum("hqk,hkd->qd", messages.coefficient, messages.vectors) + messages.bias
            close = {"atol": 1e-5 * float(trace.attention_out.abs().max()), "rtol": 1e-5}
            assert_close(attention, trace.attention_out[layer], **close, msg=f"{name}, layer {layer}")
            before, after = trace.resid_pre[layer], trace.resid_post[layer]
            whole = before + trace.attention_out[layer] + trace.mlp_out[layer]
            assert_close(whole, after, atol=1e-5 * float(after.abs().max()), rtol=1e-5, msg=name)
            if trace.mlp_activations is not None:
                neurons = trace.mlp_activations[layer] @ weights.neuron_out
                written = neurons * trace.mlp_scale[layer][:, None] + mlp_bias(trace, layer, weights)
                close = {"atol": 1e-5 * float(trace.mlp_out.abs().max()), "rtol": 1e-5}
                assert_close(written, trace.mlp_out[layer], **close, msg=f"{name}, layer {layer}")


@every_family
def test_shares_add_up_to_one(family, open_family):
    model = open_family(family.name)
    for name, edits in edits_for(family).items():
        shares = llm_tt.attribute(model, run_with_edits(model, TEXT, edits), "ifr")
        into = shares.attention.sum((1, 3)) + shares.attention_residual + shares.attention_bias
        if shares.has_parallel_blocks:
            into = into + shares.mlp
        else:
            into_mlp = shares.mlp + shares.mlp_residual + shares.mlp_bias
            assert_close(into_mlp, torch.ones_like(into_mlp), atol=1e-5, rtol=0, msg=name)
        assert_close(into, torch.ones_like(into), atol=1e-5, rtol=0, msg=name)


@every_family
@pytest.mark.parametrize("method", WITH_TARGET)
def test_contributions_add_up_to_what_the_state_contributes(family, method, open_family):
    model = open_family(family.name)
    for name, edits in edits_for(family).items():
        trace = run_with_edits(model, TEXT, edits)
        shares = llm_tt.attribute(model, trace, method, **TARGET)
        into = shares.attention.sum((1, 3)) + shares.attention_residual + shares.attention_bias
        close = {"atol": 1e-4 * float(into.abs().max()), "rtol": 1e-4, "msg": name}
        if shares.has_parallel_blocks:
            assert_close(into + shares.mlp, (trace.resid_post * shares.gradients.post).sum(-1), **close)
        else:
            assert_close(into, (trace.resid_mid * shares.gradients.mid).sum(-1), **close)
            into_mlp = shares.mlp + shares.mlp_residual + shares.mlp_bias
            assert_close(into_mlp, (trace.resid_post * shares.gradients.post).sum(-1), **close)
