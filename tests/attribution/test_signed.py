"""Signed contributions: every sum closes, and a part pushed a little moves the target as its number says."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.messages import layer_messages
from llm_tt.attribution.method_list import METHODS, WITH_TARGET
from llm_tt.attribution.methods import attribute
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.attribution.conftest import TEXT
from tests.families.registry import FAMILIES

every_family = pytest.mark.parametrize("family", [family.name for family in FAMILIES])
TARGET = {"target_position": -2, "target_token": 7, "contrast_token": 9}


@every_family
@pytest.mark.parametrize("method", WITH_TARGET)
@pytest.mark.parametrize("baseline", ["mean", "zero"])
def test_the_parts_of_every_sum_add_up_to_what_the_state_contributes(family, method, baseline, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, method, baseline=baseline, **TARGET)
    into_attention = shares.attention.sum((1, 3)) + shares.attention_residual + shares.attention_bias
    gradients = shares.gradients
    close = {"atol": 1e-4 * float(into_attention.abs().max()), "rtol": 1e-4}
    if shares.has_parallel_blocks:
        whole = (trace.resid_post * gradients.post).sum(-1)
        assert_close(into_attention + shares.mlp, whole, **close)
    else:
        assert_close(into_attention, (trace.resid_mid * gradients.mid).sum(-1), **close)
        into_mlp = shares.mlp + shares.mlp_residual + shares.mlp_bias
        assert_close(into_mlp, (trace.resid_post * gradients.post).sum(-1), **close)
    assert (shares.attention.triu(1) == 0).all()
    assert (shares.attention[:, :, len(trace.prompt) - 1 :] == 0).all(), "behind the target"
    assert shares.is_signed
    assert shares.attention.min() < 0 < shares.attention.max()


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2", "Llama, with biases", "OLMo 2"])
@pytest.mark.parametrize("baseline", ["mean", "zero"])
def test_a_little_more_of_a_message_moves_the_target_as_its_number_says(family, baseline, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "gradact", baseline=baseline, **TARGET)
    layer, head, query, key = 1, 2, 5, 3
    messages = layer_messages(trace, layer, model.layer_weights(layer))
    usual = baseline_of(model, baseline).values[layer, head] @ model.layer_weights(layer).head_out[head]
    push = messages.coefficient[head, query, key] * (messages.vectors[head, key] - usual)
    step = 1e-5

    def measure(amount):
        def add(written):
            written = written.clone()
            written[:, query] += amount * push
            return written

        logits = model.run(trace.prompt.token_ids, [Hook(Site.ATTENTION_OUT, layer, add)])
        return float(shares.target.measure(logits[shares.target.position]))

    with torch.no_grad():
        found = (measure(step) - measure(-step)) / (2 * step)
    assert float(shares.attention[layer, head, query, key]) == pytest.approx(found, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "GPT-NeoX", "OLMo 2", "Cohere"])
def test_direct_parts_sum_to_the_prediction(family, open_double):
    model = open_double(family, biases=False)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "dla", **TARGET)
    position = shares.target.position
    total = (
        shares.attention_residual[0, position]
        + shares.attention[:, :, position].sum()
        + shares.mlp[:, position].sum()
    )
    total = total + shares.attention_bias[:, position].sum()
    assert float(total) == pytest.approx(float(shares.target.measure(trace.logits[position])), rel=1e-9)
    assert (shares.attention[:, :, :position] == 0).all()


def test_a_head_that_always_writes_its_mean_counts_for_nothing(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    baseline = baseline_of(tiny_model, "zero")
    flat = trace.key_value_heads.clone()
    flat[0, :, 1] = flat[0, 0, 1]
    values = baseline.values.clone()
    values[0, 1] = flat[0, 0, 1]
    constant = type(trace)(
        **{name: getattr(trace, name) for name in trace.__slots__} | {"key_value_heads": flat}
    )
    usual = type(baseline)("own", values, baseline.mlp_out, baseline.neurons)
    shares = attribute(tiny_model, constant, "gradact", baseline=usual)
    assert_close(shares.attention[0, 1], torch.zeros_like(shares.attention[0, 1]), atol=1e-6, rtol=0)
    assert shares.attention[0, 0].abs().max() > 1e-3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("baseline", ["mean", "zero"])
@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2"])
def test_what_is_off_weighs_nothing(method, baseline, family, open_family):
    model = open_family(family)
    edits = [
        llm_tt.Ablate.head(0, 1, baseline=baseline),
        llm_tt.Ablate.edge(1, 2, head=3, baseline=baseline),
        llm_tt.Ablate.mlp(0, positions=(4,), baseline=baseline),
    ]
    trace = llm_tt.run_with_edits(model, TEXT, edits)
    options = {} if method == "ifr" else {**TARGET, "target_position": 4, "baseline": "mean"}
    shares = attribute(model, trace, method, **options)
    assert not shares.attention[0, 1].any()
    assert not shares.attention[1, 3, :, 2].any()
    assert float(shares.mlp[0, 4]) == pytest.approx(0, abs=1e-5)
    plain = attribute(model, llm_tt.capture(model, TEXT), method, **options)
    assert plain.attention[0, 1, 4].abs().max() > 1e-4
    assert plain.attention[1, 3, 4, 2].abs() > 0 or method == "ifr"
    assert abs(float(plain.mlp[0, 4])) > 1e-3


def test_of_a_scaled_part_the_share_is_scaled(tiny_model):
    """The last layer reaches the prediction directly: with the norm frozen it is linear in what it writes."""
    shares = []
    for edits in ([], [llm_tt.Scale.head(1, 2, 0.5), llm_tt.Scale.mlp(1, 0.25)]):
        trace = llm_tt.run_with_edits(tiny_model, TEXT, edits)
        found = attribute(tiny_model, trace, "dla", baseline="zero", **TARGET)
        shares.append((found.attention[1] / trace.final_norm_scale[-2], trace.changes))
    assert_close(shares[1][0][2], 0.5 * shares[0][0][2])
    assert_close(shares[1][0][1], shares[0][0][1])
    assert shares[0][1] is None
