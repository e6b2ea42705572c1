"""RelP's rules: values stay, and what arrives at the embedding is the prediction, to the last digit."""

import math

import pytest
import torch

import llm_tt
from llm_tt.attribution.gradients import target_gradients
from llm_tt.attribution.relevance_rules import _patterns, relevance_rules
from llm_tt.attribution.target import Target
from tests.attribution.conftest import TEXT
from tests.families.registry import FAMILIES

# A mixture of experts routes by products that no rule covers; see the module.
CONSERVING = [family.name for family in FAMILIES if family.name != "Mixtral"]


def without_cap(model, target, logits):
    """The target's number and, where logits are capped by tanh, what its slope makes of it."""
    cap = model._config.to_dict().get("final_logit_softcapping")
    if cap is None:
        return float(target.measure(logits))
    total = 0.0
    for sign, token in ((1, target.token_id), (-1, target.contrast_id)):
        share = float(logits[token]) / cap
        total += sign * cap * math.atanh(share) * (1 - share**2)
    return total


@pytest.mark.parametrize("family", CONSERVING)
def test_without_biases_the_embedding_receives_the_whole_prediction(family, open_double):
    model = open_double(family, biases=False)
    trace = llm_tt.capture(model, TEXT)
    target = Target(len(trace.prompt) - 1, token_id=7, contrast_id=9, metric="logit")
    gradients = target_gradients(model, trace, target, relevance_rules(model, trace))
    received = float((trace.resid_pre[0] * gradients.pre[0]).sum())
    assert received == pytest.approx(without_cap(model, target, trace.logits[-1]), rel=1e-9)
    plain = target_gradients(model, trace, target)
    assert float((trace.resid_pre[0] * plain.pre[0]).sum()) != pytest.approx(received, rel=1e-3)


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_values_stay_as_they_are(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    with torch.enable_grad():
        logits = model.run(trace.prompt.token_ids, relevance_rules(model, trace))
    torch.testing.assert_close(logits.detach(), trace.logits, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "GPT-J", "GPT-Neo", "OPT", "Gemma 2"])
def test_in_an_edited_run_too(family, open_double):
    """Edits that multiply leave the prediction homogeneous in the embedding, as it was."""
    model = open_double(family, biases=False)
    edits = [
        llm_tt.Scale.edge(0, 2, 3.0),
        llm_tt.Ablate.edge(1, 3, head=1, baseline="zero"),
        llm_tt.Scale.head(1, 2, -0.5),
        llm_tt.Scale.mlp(0, 2.0, positions=(5, 9)),
    ]
    trace = llm_tt.run_with_edits(model, TEXT, edits)
    target = Target(len(trace.prompt) - 1, token_id=7, contrast_id=9, metric="logit")
    gradients = target_gradients(model, trace, target, relevance_rules(model, trace))
    received = float((trace.resid_pre[0] * gradients.pre[0]).sum())
    assert received == pytest.approx(without_cap(model, target, trace.logits[-1]), rel=1e-9)


def test_the_patterns_of_one_prompt_are_not_held_twice(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    for layer, pattern in enumerate(trace.patterns):
        found = _patterns([trace], layer)
        assert found.data_ptr() == pattern.data_ptr()
        assert torch.equal(found[0], pattern)
        assert torch.equal(_patterns([trace, trace], layer), torch.stack([pattern, pattern]))
