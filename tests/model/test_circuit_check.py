"""The check of queries, keys and values fails when one of them is wrong, and says why it cannot be made."""

import math
from dataclasses import replace

import pytest
import torch

import llm_tt
from llm_tt.model.check_up import Capability
from llm_tt.model.circuit_check import CircuitsUnreadableError, circuit_error
from llm_tt.model.head_inputs import VectorNorm
from llm_tt.model.probe import Probe
from llm_tt.model.self_test import PROBE_TEXT, run_self_test
from tests.families.registry import FAMILIES, build
from tests.model.test_self_test import Tampered

BENT = {
    "GPT-2": ("query", "key", "value", "query_bias", "key_bias", "value_bias", "score_scale"),
    "GPT-J": ("score_scale", "key"),
    "BLOOM": ("score_scale",),
    "Gemma 2": ("score_scale", "score_cap"),
}


def error_of(model, head_inputs=None) -> float:
    token_ids = model.tokenize(PROBE_TEXT).token_ids
    bent = model if head_inputs is None else Tampered(model, head_inputs=head_inputs)
    with torch.no_grad():
        return circuit_error(Probe(bent, token_ids), token_ids)


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in BENT for field in BENT[name]])
def test_one_wrong_part_of_one_layer_is_noticed(name, field, open_family):
    model = open_family(name)

    def head_inputs(layer):
        inputs = model.head_inputs(layer)
        return replace(inputs, **{field: getattr(inputs, field) * 1.3}) if layer == 1 else inputs

    assert error_of(model) < 1e-5
    assert error_of(model, head_inputs) > 1e-4


@pytest.mark.parametrize("name", ["Qwen3", "Gemma 3", "OLMo 2"])
def test_a_forgotten_norm_of_queries_is_noticed(name, open_family):
    model = open_family(name)
    assert isinstance(model.head_inputs(0).query_norm, VectorNorm)
    assert error_of(model) < 1e-5
    for forgotten in ("query_norm", "key_norm"):
        assert (
            error_of(model, lambda layer, f=forgotten: replace(model.head_inputs(layer), **{f: None})) > 0.01
        )


def test_heads_that_share_a_divisor_are_not_normed_one_by_one(open_family):
    model = open_family("OLMo 2")

    def head_inputs(layer):
        inputs = model.head_inputs(layer)
        return replace(inputs, query_norm=replace(inputs.query_norm, over_all_heads=False))

    assert error_of(model, head_inputs) > 0.01


def test_attention_that_says_nothing_is_no_proof(tiny_model):
    huge = Tampered(tiny_model, head_inputs=lambda layer: tiny_model.head_inputs(layer))

    def run_copies(token_ids, copies, hooks=()):
        def blind(hook):
            if "pattern" not in hook.site:
                return hook
            return hook._replace(apply=lambda pattern: hook.apply(torch.zeros_like(pattern)))

        return tiny_model.run_copies(token_ids, copies, [blind(hook) for hook in hooks])

    token_ids = tiny_model.tokenize(PROBE_TEXT).token_ids
    huge._changed["run_copies"] = run_copies
    with torch.no_grad():
        assert math.isnan(circuit_error(Probe(huge, token_ids), token_ids))


def test_without_matrices_the_model_opens_and_says_why(byte_tokenizer):
    model = llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer)
    without = Tampered(model, head_inputs=lambda layer: None)
    token_ids = model.tokenize(PROBE_TEXT).token_ids
    with torch.no_grad():
        with pytest.raises(CircuitsUnreadableError, match="layer 0"):
            circuit_error(Probe(without, token_ids), token_ids)
        check_up = run_self_test(without, token_ids, model.run(token_ids))
    assert [finding.capability for finding in check_up.switched_off] == [Capability.CIRCUITS]
    assert "layer 0 has no matrices" in check_up.switched_off[0].sentence
    assert check_up.passed
    model.self_test = check_up
    assert model.head_inputs(0) is None
