"""Information flow routes: shares add up to one, as the plain float64 formula has them, in every family."""

import copy

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution import ifr
from llm_tt.attribution.ifr import share_out
from llm_tt.attribution.messages import mlp_bias
from llm_tt.attribution.methods import attribute
from tests.attribution.conftest import TEXT, all_messages
from tests.conftest import BY_NAME
from tests.families.registry import FAMILIES, build

every_family = pytest.mark.parametrize("family", [family.name for family in FAMILIES])


def sums(shares):
    """What all parts of every sum add up to: [sum pos]."""
    into_attention = shares.attention.sum((1, 3)) + shares.attention_residual + shares.attention_bias
    if shares.has_parallel_blocks:
        return into_attention + shares.mlp
    return torch.cat([into_attention, shares.mlp + shares.mlp_residual + shares.mlp_bias])


def closer(whole, part, norm):
    return (length(whole, norm) - length(whole - part, norm)).clamp(min=0)


def length(vectors, norm):
    return vectors.norm(p={"l1": 1, "l2": 2}[norm], dim=-1)


def plain_shares(model, trace, layer, norm):
    """[query key head] of one layer and its residual, by message, in float64; and what rounding may do.

    A proximity is the difference of two norms of the size of the sum, each of some dozens of single-precision
    numbers: eight units in the last place of the sum's norm, whatever the order in which they are added.
    """
    weights = model.layer_weights(layer)
    messages = all_messages(model, trace, layer).double()
    bias = (weights.attention_bias * trace.attention_scale[layer][:, None]).double()
    parts = {"residual": trace.resid_pre[layer].double(), "bias": bias}
    if trace.resid_mid is None:
        whole = trace.resid_post[layer].double()
        written = mlp_bias(trace, layer, weights).double()
        parts |= {"bias": bias + written, "mlp": trace.mlp_out[layer].double() - written}
    else:
        whole = trace.resid_mid[layer].double()
    attention = closer(whole[:, None, None], messages, norm)
    others = {name: closer(whole, part, norm) for name, part in parts.items()}
    total = attention.sum((1, 2)) + sum(others.values())
    rounding = 8 * torch.finfo(torch.float32).eps * length(whole, norm) / total
    return attention / total[:, None, None], others["residual"] / total, rounding


@every_family
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_shares_into_a_sum_add_up_to_one(family, norm, open_family):
    model = open_family(family)
    shares = attribute(model, llm_tt.capture(model, TEXT), "ifr", norm=norm)
    assert_close(sums(shares), torch.ones_like(sums(shares)), atol=1e-5, rtol=0)
    assert all(part.min() >= 0 for part in (shares.attention, shares.mlp, shares.attention_residual))
    assert (shares.attention.triu(1) == 0).all()
    assert shares.has_parallel_blocks is BY_NAME[family].parallel
    assert not shares.is_signed


@every_family
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_shares_are_those_of_the_plain_formula(family, norm, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "ifr", norm=norm)
    for layer in range(trace.n_layers):
        attention, residual, rounding = plain_shares(model, trace, layer, norm)
        off = shares.attention[layer].permute(1, 2, 0).double() - attention
        assert (off.abs() <= rounding[:, None, None]).all()
        assert ((shares.attention_residual[layer].double() - residual).abs() <= rounding).all()


def test_grouped_heads_are_the_same_as_heads_of_their_own(byte_tokenizer):
    grouped = build(BY_NAME["Llama, with biases"])
    settings = copy.deepcopy(grouped.config)
    settings.num_key_value_heads = settings.num_attention_heads
    expanded = type(grouped)(settings)
    weights = grouped.state_dict()
    d_head = settings.hidden_size // settings.num_attention_heads
    for name in [name for name in weights if "k_proj" in name or "v_proj" in name]:
        rows = weights[name].unflatten(0, (-1, d_head))
        weights[name] = rows.repeat_interleave(2, dim=0).flatten(0, 1)
    expanded.load_state_dict(weights)
    few, many = (llm_tt.load_model(plain, byte_tokenizer) for plain in (grouped, expanded))
    for method in ("ifr", "relp"):
        a, b = (
            attribute(model, llm_tt.capture(model, TEXT), method, baseline="zero") for model in (few, many)
        )
        assert_close(a.attention, b.attention, atol=1e-5, rtol=1e-4)
        assert_close(a.mlp, b.mlp, atol=1e-5, rtol=1e-4)


def test_later_tokens_change_nothing_before_them(tiny_model):
    short = attribute(tiny_model, llm_tt.capture(tiny_model, "abc"), "ifr")
    long = attribute(tiny_model, llm_tt.capture(tiny_model, "abcdef"), "ifr")
    assert_close(long.attention[:, :, :3, :3], short.attention, atol=1e-6, rtol=0)
    assert_close(long.mlp[:, :3], short.mlp, atol=1e-6, rtol=0)


def test_layers_in_groups_or_one_by_one(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, TEXT)
    together = attribute(tiny_model, trace)
    monkeypatch.setattr(ifr, "GROUP_NUMBERS", 1)
    alone = attribute(tiny_model, trace)
    assert torch.equal(together.attention, alone.attention)
    assert torch.equal(together.mlp, alone.mlp)


def test_where_all_parts_lead_away_they_share_equally():
    attention = torch.zeros(2, 3, 3)
    attention[:, 0, 0] = 1.0
    parts = torch.zeros(2, 3)
    parts[0, 2] = 4.0
    share_out(attention, parts)
    assert_close(attention[:, 0, 0], torch.full((2,), 0.5))
    assert_close(attention[:, 1, :2], torch.full((2, 2), 1 / 6))  # two heads x two keys, residual, bias
    assert_close(parts[:, 1], torch.full((2,), 1 / 6))
    assert attention[0, 1, 2] == 0
    assert parts[:, 2].tolist() == [1.0, 0.0]


def test_progress_is_told_after_each_group_of_layers(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, TEXT)
    monkeypatch.setattr(ifr, "GROUP_NUMBERS", 1)
    told = []
    ifr.information_flow(tiny_model, trace, "l1", told.append)
    assert told == [0.5, 1.0]
