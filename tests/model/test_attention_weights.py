"""What heads take from the stream, by the weights and by the run, in every family."""

import pytest
import torch
from einops import repeat

import llm_tt
from llm_tt.model.check_up import Capability
from llm_tt.model.circuit_check import circuit_error
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.model.probe import Probe
from tests.families.registry import FAMILIES, build

TEXT = "Parts, as é."
NOT_ROTARY = {"GPT-2", "GPT-Neo", "OPT", "BLOOM", "MPT"}
BY_DISTANCE = {"BLOOM", "MPT"}
ROTATED_IN_SINGLE = {"GPT-J": 1e-7}
"""Its tables of sines are single precision, so a rotation changes lengths a little."""
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@every_family
def test_projections_and_scores_are_the_runs_own(family, open_double):
    """Exact in double precision: queries, keys and values, and the scores at distance 0."""
    model = open_double(family.name)
    token_ids = model.tokenize(TEXT).token_ids
    with torch.no_grad():
        assert circuit_error(Probe(model, token_ids), token_ids) < ROTATED_IN_SINGLE.get(family.name, 1e-12)


@every_family
@torch.no_grad()
def test_states_become_queries_keys_and_values(family, open_family):
    """Through the methods, with every head's own group of keys and values."""
    model = open_family(family.name)
    probe = Probe(model, model.tokenize(TEXT).token_ids)
    for layer in probe.layers:
        inputs, states = model.head_inputs(layer), probe[Site.RESID_PRE, layer]
        shown = {"values": inputs.values(states)}
        if inputs.query_norm is None:
            shown |= {"queries": inputs.queries(states), "keys": inputs.keys(states)}
        for name, found in shown.items():
            expected = probe[Site(f"blocks.{{layer}}.attn.hook_{name[0]}"), layer]
            group = model.dimensions.n_heads // expected.shape[1]
            expected = repeat(expected, "pos head d_head -> pos (head group) d_head", group=group)
            assert float((found - expected).abs().max() / expected.abs().max()) < 1e-5


def alike_everywhere(model, token_ids, zero: bool) -> torch.Tensor:
    """The patterns of the last position where all queries and all keys are equal."""
    found = {}

    def level(tensor):
        return torch.zeros_like(tensor) if zero else tensor[:, :1].expand_as(tensor).clone()

    hooks = [Hook(site, layer, level) for site in (Site.QUERIES, Site.KEYS) for layer in (0, 1)]
    hooks += [
        Hook(Site.PATTERN, layer, lambda pattern, layer=layer: found.update({layer: pattern[0, :, -1, -4:]}))
        for layer in (0, 1)
    ]
    model.run(token_ids, hooks)
    return torch.stack([found[0], found[1]])


@every_family
@torch.no_grad()
def test_a_rotary_model_is_one_whose_attention_turns_with_distance(family, open_family):
    model = open_family(family.name)
    token_ids = model.tokenize(TEXT).token_ids
    assert model.head_inputs(0).rotary is model.head_inputs(1).rotary is (family.name not in NOT_ROTARY)
    spread = {zero: alike_everywhere(model, token_ids, zero) for zero in (True, False)}
    turned, leaning = (
        bool(((spread[zero] - spread[zero][..., :1]).abs() > 1e-5).any()) for zero in (False, True)
    )
    assert leaning is (family.name in BY_DISTANCE)
    assert turned is (family.name not in NOT_ROTARY or family.name in BY_DISTANCE)


def test_layers_without_rotation_are_known(byte_tokenizer):
    family = next(family for family in FAMILIES if family.name == "SmolLM3")
    plain = build(type(family)("SmolLM3", "smollm3", {**family.settings, "no_rope_layers": [1, 0]}))
    model = llm_tt.load_model(plain, byte_tokenizer)
    assert [model.head_inputs(layer).rotary for layer in (0, 1)] == [True, False]
    assert model.self_test.has(Capability.CIRCUITS)


def test_scores_that_shrink_with_depth_are_known(byte_tokenizer):
    family = FAMILIES[0]
    deep = type(family)("GPT-2", "gpt2", {**family.settings, "scale_attn_by_inverse_layer_idx": True})
    model = llm_tt.load_model(build(deep), byte_tokenizer)
    assert model.self_test.has(Capability.CIRCUITS)
    assert model.head_inputs(1).score_scale == pytest.approx(model.head_inputs(0).score_scale / 2)
