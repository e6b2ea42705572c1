"""A trace is frozen, has no batch axis, and shares out grouped values on demand."""

from dataclasses import FrozenInstanceError

import pytest
import torch
from torch.testing import assert_close

import llm_tt


@pytest.fixture(scope="module")
def trace(grouped_model):
    return llm_tt.capture(grouped_model, "grouped")


def test_shapes(trace, grouped_model):
    sizes, n_pos = grouped_model.dimensions, len("grouped")
    shapes = {
        "resid_pre": (2, n_pos, sizes.d_model),
        "resid_mid": (2, n_pos, sizes.d_model),
        "resid_post": (2, n_pos, sizes.d_model),
        "attention_out": (2, n_pos, sizes.d_model),
        "mlp_out": (2, n_pos, sizes.d_model),
        "attention_pattern": (2, sizes.n_heads, n_pos, n_pos),
        "values": (2, n_pos, sizes.n_heads, sizes.d_head),
        "mlp_activations": (2, n_pos, sizes.d_mlp),
        "attention_scale": (2, n_pos),
        "final_norm_scale": (n_pos,),
        "logits": (n_pos, sizes.d_vocab),
    }
    assert {name: tuple(getattr(trace, name).shape) for name in shapes} == shapes


def test_groups_share_keys_and_values_only_when_asked(trace, grouped_model):
    assert trace.key_value_heads.shape[2] == grouped_model.dimensions.n_kv_heads == 2
    values = trace.values
    assert_close(values[:, :, 0], values[:, :, 1])  # the first two heads are one group
    assert_close(values[:, :, 2], trace.key_value_heads[:, :, 1])
    assert (values[:, :, 1] - values[:, :, 2]).abs().max() > 0.1
    assert_close(trace.layer_values(1), values[1])


def test_values_are_not_copied_where_heads_have_their_own(tiny_model):
    trace = llm_tt.capture(tiny_model, "own values")
    assert trace.values.data_ptr() == trace.key_value_heads.data_ptr()


def test_states_before_and_after_share_their_memory(trace):
    assert trace.resid_pre[1].data_ptr() == trace.resid_post[0].data_ptr()


def test_a_trace_cannot_be_changed(trace):
    with pytest.raises(FrozenInstanceError):
        trace.logits = torch.zeros(1)
