"""The direction reads of every vector what the lens says that it changes."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.promotion import change_of_tokens
from llm_tt.lens.target_direction import target_constant, target_direction
from tests.families.registry import FAMILIES

TEXT = "Some words."


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("contrast", [None, 250])
def test_of_any_vector_what_it_changes(family, contrast, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=4, token=7, contrast=contrast)
    direction = target_direction(model, trace, target)
    for vector in (trace.stream[-1, 4], trace.attention_out[0, 4], torch.randn(32)):
        token, against = change_of_tokens(model, trace, vector, 4, [7, 250])
        expected = token - (0 if contrast is None else against)
        size = abs(token) + abs(against)
        assert float(vector @ direction) == pytest.approx(expected, abs=1e-5 * size)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Phi-2", "Cohere"])
@pytest.mark.parametrize("contrast", [None, 250])
def test_with_the_constant_it_is_the_logit(family, contrast, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=4, token=7, contrast=contrast)
    held = float(trace.stream[-1, 4] @ target_direction(model, trace, target))
    assert held + target_constant(model, target) == pytest.approx(float(target.measure(trace.logits[4])))


def test_a_log_probability_is_read_as_its_logit(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    directions = [
        target_direction(tiny_model, trace, resolve_target(tiny_model, trace, token=7, metric=metric))
        for metric in ("logit", "logprob")
    ]
    assert torch.equal(*directions)
    assert not directions[0].requires_grad


def test_what_cannot_be_read_is_said(tiny_model, without_lens):
    trace, longer = llm_tt.capture(tiny_model, TEXT), llm_tt.capture(tiny_model, TEXT * 2)
    target = resolve_target(tiny_model, longer, token=7)
    with pytest.raises(TargetError, match="position 21"):
        target_direction(tiny_model, trace, target)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        target_direction(tiny_model, longer, target)
