"""The check-up must fail when something is wrong: each check is shown a model that breaks it."""

from dataclasses import replace

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

import llm_tt
from llm_tt.model.check_up import Capability
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.model.self_test import PROBE_TEXT, run_self_test
from tests.families.registry import FAMILIES, GROUPED, build


class Tampered:
    """A model with one part changed; everything else is passed on."""

    def __init__(self, model, **changed):
        self._model, self._changed = model, changed

    def __getattr__(self, name):
        return self._changed.get(name) or getattr(self._model, name)


@pytest.fixture
def model(byte_tokenizer):
    return llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer)


def failed(model, original) -> set[Capability]:
    token_ids = original.tokenize(PROBE_TEXT).token_ids
    with torch.no_grad():
        plain_logits = original.run(token_ids)
    return {finding.capability for finding in run_self_test(model, token_ids, plain_logits).switched_off}


def test_a_sound_model_passes(model):
    assert failed(model, model) == set()
    assert model.self_test.passed


def changed_run(model, site, edit, *, first=False):
    """A model whose forward pass is bent at one site: behind the back of its hooks, or in front of them."""
    bend = Hook(site, 1, edit)

    def run(token_ids, hooks=()):
        return model.run(token_ids, [bend, *hooks] if first else [*hooks, bend])

    return run


def test_other_predictions_are_noticed(model):
    bent = Tampered(model, run=changed_run(model, Site.MLP_OUT, lambda out: out * 1.01))
    assert Capability.LOGITS in failed(bent, model)


def misreporting_run(model, site):
    """A model whose hook point shows something else than what flows: BLOOM's `attn.hook_out` does that."""

    def run(token_ids, hooks=()):
        lying = [
            Hook(at, layer, (lambda out, apply=apply: apply(out * 1.01)) if at is site else apply)
            for at, layer, apply in hooks
        ]
        return model.run(token_ids, lying)

    return run


@pytest.mark.parametrize(
    "site", [Site.RESID_PRE, Site.RESID_MID, Site.RESID_POST, Site.ATTENTION_OUT, Site.MLP_OUT]
)
def test_a_state_that_does_not_add_up_is_noticed(model, site):
    assert Capability.RESIDUAL in failed(Tampered(model, run=misreporting_run(model, site)), model)


def test_attention_that_reads_the_future_is_noticed(model):
    bent = Tampered(model, run=changed_run(model, Site.PATTERN, lambda pattern: pattern.flip(-1)))
    assert Capability.CAUSAL in failed(bent, model)


@pytest.mark.parametrize(
    ("field", "capability"),
    [
        ("head_out", Capability.HEADS),
        ("attention_bias", Capability.HEADS),
        ("neuron_out", Capability.NEURONS),
        ("mlp_bias", Capability.NEURONS),
    ],
)
def test_a_wrong_output_weight_is_noticed(model, field, capability):
    def layer_weights(layer):
        weights = model.layer_weights(layer)
        return replace(weights, **{field: getattr(weights, field) * 1.01})

    assert failed(Tampered(model, layer_weights=layer_weights), model) == {capability}


def test_a_wrong_read_out_is_noticed(model):
    bent = Tampered(model, read_out=lambda states: model.read_out(states) * 1.01)
    assert failed(bent, model) == {Capability.LENS}


@pytest.mark.parametrize("factor", [1.01, float("nan")])
def test_a_wrong_reading_of_parts_is_noticed(model, factor):
    """As by a norm that does something else than what we take it for."""
    bent = Tampered(model, read_part=lambda parts, scale: model.read_part(parts, scale) * factor)
    assert failed(bent, model) == {Capability.LENS}


def test_not_a_number_never_passes(model):
    bent = Tampered(model, read_out=lambda states: model.read_out(states) * float("nan"))
    assert failed(bent, model) == {Capability.LENS}


def test_not_a_number_in_a_later_layer_never_passes(model):
    def layer_weights(layer):
        weights = model.layer_weights(layer)
        return weights if layer == 0 else replace(weights, mlp_bias=weights.mlp_bias * float("nan"))

    assert failed(Tampered(model, layer_weights=layer_weights), model) == {Capability.NEURONS}


def test_what_cannot_be_read_is_switched_off_with_a_reason(model):
    def layer_weights(_):
        message = "packed in four bits"
        raise RuntimeError(message)

    token_ids = model.tokenize(PROBE_TEXT).token_ids
    with torch.no_grad():
        check_up = run_self_test(
            Tampered(model, layer_weights=layer_weights), token_ids, model.run(token_ids)
        )
    assert {finding.capability for finding in check_up.switched_off} == {Capability.HEADS, Capability.NEURONS}
    assert all("packed in four bits" in finding.sentence for finding in check_up.switched_off)


def test_a_mixture_of_experts_says_so(open_family):
    (finding,) = open_family("Mixtral").self_test.switched_off
    assert finding.sentence == "Neurons are not available for this model: its MLP is a mixture of experts."


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("name", ["GPT-2", "Llama", "Gemma 2"])
def test_half_precisions_pass_and_are_upcast(name, dtype, byte_tokenizer):
    family = next(family for family in FAMILIES if family.name == name)
    model = llm_tt.load_model(build(family, getattr(torch, dtype)), byte_tokenizer)
    assert model.self_test.switched_off == ()
    assert llm_tt.capture(model, "upcast").attention_pattern.dtype == torch.float32


def test_an_error_everywhere_but_at_one_enormous_position_is_noticed(model):
    """Real models have such positions; measured against them, half the attention could go missing."""

    def outlier(state):
        state = state.clone()
        state[:, 0] *= 1e5
        return state

    def run(token_ids, hooks=()):
        return model.run(token_ids, [Hook(Site.RESID_PRE, 0, outlier), *hooks])

    def layer_weights(layer):
        weights = model.layer_weights(layer)
        return replace(weights, head_out=weights.head_out * 0.5)

    token_ids = model.tokenize(PROBE_TEXT).token_ids
    with torch.no_grad():
        plain_logits = run(token_ids)
    sound = run_self_test(Tampered(model, run=run), token_ids, plain_logits)
    bent = run_self_test(Tampered(model, run=run, layer_weights=layer_weights), token_ids, plain_logits)
    assert sound.has(Capability.HEADS)
    assert not bent.has(Capability.HEADS)


def test_attention_that_sums_to_nothing_is_noticed(model):
    bent = Tampered(model, run=changed_run(model, Site.PATTERN, torch.zeros_like, first=True))
    assert Capability.ATTENTION in failed(bent, model)


def test_sinks_may_take_a_part_of_attention(byte_tokenizer):
    config = AutoConfig.for_model(
        "gpt_oss",
        **GROUPED,
        head_dim=8,
        num_local_experts=4,
        num_experts_per_tok=2,
        layer_types=["full_attention"] * 2,
    )
    plain = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    with torch.no_grad():
        for parameter in plain.parameters():
            parameter.normal_(0, 0.2)
    model = llm_tt.load_model(plain, byte_tokenizer)
    assert model.dimensions.attention_sinks
    assert llm_tt.capture(model, "sinks").attention_pattern.sum(-1).max() < 1
