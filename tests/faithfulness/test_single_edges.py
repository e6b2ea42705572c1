"""Single-edge effects: each is the cut done by hand, and later positions have none."""

import pytest
import torch

from llm_tt.attribution.baseline import baseline_of
from llm_tt.faithfulness import single_edges
from llm_tt.faithfulness.single_edges import single_edge_effects
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook


def test_an_mlp_cut_by_hand(small_world, ask):
    trace, target = ask("The capital of Japan is the city of", " Tokyo", " Paris")
    usual = baseline_of(small_world, "mean")
    effects = single_edge_effects(small_world, trace, target)

    def replace(written):
        written = written.clone()
        written[:, 3] = usual.mlp_out[1]
        return written

    with torch.no_grad():
        logits = small_world.run(trace.prompt.token_ids, [Hook(Site.MLP_OUT, 1, replace)])[-1]
    expected = float(target.measure(trace.logits[-1]) - target.measure(logits))
    assert float(effects.mlp[1, 3]) == pytest.approx(expected, abs=1e-4)


def test_a_message_cut_by_hand(small_world, ask):
    trace, target = ask("The capital of Japan is the city of", " Tokyo", " Paris")
    effects = single_edge_effects(small_world, trace, target, baseline="zero")
    layer, head, query, key = 0, 2, 3, 3
    lost = trace.patterns[layer][head, query, key] * trace.layer_values(layer)[key, head]

    def subtract(mixed):
        mixed = mixed.clone()
        mixed.view(1, len(trace.prompt), 4, -1)[0, query, head] -= lost
        return mixed

    with torch.no_grad():
        logits = small_world.run(trace.prompt.token_ids, [Hook(Site.HEAD_MIX, layer, subtract)])[-1]
    expected = float(target.measure(trace.logits[-1]) - target.measure(logits))
    assert float(effects.attention[layer, head, query, key]) == pytest.approx(expected, abs=1e-4)
    assert abs(expected) > 1e-3


def test_what_is_behind_the_target_has_no_effect(small_world, ask, monkeypatch):
    trace, _ = ask("The capital of Japan is the city of", " Tokyo", " Paris")
    target = type(_)(3, _.token_id, None, "logprob")
    effects = single_edge_effects(small_world, trace, target)
    assert not effects.attention[:, :, 4:].any()
    assert not effects.mlp[:, 4:].any()
    assert not effects.attention.triu(1).any()
    assert effects.attention[:, :, :4].abs().max() > 0.01
    monkeypatch.setattr(single_edges, "EDGES_AT_ONCE", 3)
    again = single_edge_effects(small_world, trace, target)
    torch.testing.assert_close(again.attention, effects.attention, atol=1e-4, rtol=1e-3)
