"""Directions: of length 1, the steepest way to a token's prediction, in every family; or a neuron's own."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.errors import InterventionError, TargetError
from llm_tt.intervention.steering import Steer, TokenDirection
from llm_tt.intervention.steering_direction import steering_vector, token_direction
from tests.families.registry import FAMILIES


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_a_step_raises_the_difference_more_than_any_other_step(family, open_family):
    model = open_family(family)
    direction = token_direction(model, TokenDirection(7, 9))
    generator = torch.Generator().manual_seed(0)
    others = torch.randn(50, len(direction), generator=generator)
    steps = torch.cat([direction[None], others / others.norm(dim=-1, keepdim=True)])
    with torch.no_grad():
        logits = model.read_part(steps, 1.0)
    gained = logits[:, 7] - logits[:, 9]
    assert float(direction.norm()) == pytest.approx(1, abs=1e-5)
    assert gained[0] > 0
    assert gained[0] > gained[1:].max()


def test_without_a_second_token_it_is_the_logit(grouped_model):
    """By hand: Llama's unembedding row times the weight of its final norm."""
    bridge = grouped_model._bridge
    row = bridge.unembed.original_component.weight[7] * bridge.ln_final.original_component.weight
    found = steering_vector(grouped_model, Steer.tokens(0, 7, strength=-2.5))
    assert_close(found, (-2.5 * row / row.norm()).detach())


def test_a_neurons_direction_keeps_its_length(tiny_model):
    found = steering_vector(tiny_model, Steer.neuron(1, 5, 2.0))
    assert_close(found, 2.0 * tiny_model._bridge.blocks[1].mlp.W_out[5].detach())


def test_text_is_read_as_the_models_own_token(tiny_model):
    (a,) = tiny_model.tokenize("a").token_ids
    assert torch.equal(
        token_direction(tiny_model, TokenDirection("a")), token_direction(tiny_model, TokenDirection(a))
    )


def test_what_is_no_token_is_said(tiny_model):
    with pytest.raises(TargetError, match=r"Steer toward or away from 'ab'\. In .* this is 2 tokens"):
        token_direction(tiny_model, TokenDirection("ab"))
    with pytest.raises(TargetError, match="Steer toward or away from 300"):
        token_direction(tiny_model, TokenDirection(7, 300))
    (a,) = tiny_model.tokenize("a").token_ids
    with pytest.raises(InterventionError, match="Both are the same token"):
        token_direction(tiny_model, TokenDirection("a", a))
