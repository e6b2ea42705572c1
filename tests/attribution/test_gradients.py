"""Gradients are slopes: they predict what a small push does, at every state, in every family."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.gradients import direct_gradients, target_gradients
from llm_tt.attribution.relevance_rules import relevance_rules
from llm_tt.attribution.target import Target
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.attribution.conftest import TEXT
from tests.families.registry import FAMILIES

STEP = 1e-5
every_family = pytest.mark.parametrize("family", [family.name for family in FAMILIES])


def slope(model, trace, target, place, direction):
    site, layer = place

    def measure(step):
        hook = Hook(site, layer, lambda state: state + step * direction)
        return target.measure(model.run(trace.prompt.token_ids, [hook])[target.position])

    with torch.no_grad():
        return float(measure(STEP) - measure(-STEP)) / (2 * STEP)


@every_family
def test_a_gradient_is_the_slope_at_every_state(family, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    target = Target(len(trace.prompt) - 2, token_id=7, contrast_id=None, metric="logprob")
    gradients = target_gradients(model, trace, target)
    behind_attention = gradients.post if gradients.mid is None else gradients.mid
    direction = torch.randn(trace.stream[0].shape, generator=torch.Generator().manual_seed(0)).double()
    places = [(Site.RESID_PRE, 0, gradients.pre[0])]
    for layer in range(trace.n_layers):
        places.append((Site.ATTENTION_OUT, layer, behind_attention[layer]))
        places.append((Site.MLP_OUT, layer, gradients.post[layer]))
    for site, layer, gradient in places:
        expected = slope(model, trace, target, (site, layer), direction)
        assert float((gradient * direction).sum()) == pytest.approx(expected, rel=1e-4, abs=1e-7), (
            site,
            layer,
        )


@every_family
def test_later_positions_have_no_say(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target = Target(3, token_id=7, contrast_id=9, metric="logit")
    gradients = target_gradients(model, trace, target, relevance_rules(model, trace))
    assert (gradients.post[:, 4:] == 0).all()
    assert (gradients.pre[:, 4:] == 0).all()
    assert (gradients.post[:, 3] != 0).any()


def test_no_hook_stays_and_no_weight_learns(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    target = Target(2, token_id=7, contrast_id=None, metric="logit")
    target_gradients(tiny_model, trace, target, relevance_rules(tiny_model, trace))
    again = llm_tt.capture(tiny_model, TEXT)
    assert torch.equal(again.logits, trace.logits)
    assert not again.logits.requires_grad


def test_the_direct_direction_is_the_same_from_every_layer(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    gradients = direct_gradients(tiny_model, trace, Target(4, token_id=7, contrast_id=9, metric="logit"))
    assert torch.equal(gradients.pre[0], gradients.post[1])
    assert (gradients.post[0, 4] != 0).any()
    assert (gradients.post[:, [0, 1, 2, 3, 5]] == 0).all()


def test_in_an_edited_run_gradients_are_its_own_slopes(open_double):
    model = open_double("GPT-2")
    edits = [
        llm_tt.Ablate.head(0, 1, strength=0.5),
        llm_tt.Scale.edge(1, 2, 3.0),
        llm_tt.Ablate.edge(0, 3, head=2),
        llm_tt.Scale.mlp(0, -0.5, positions=(4, 6)),
        llm_tt.SetNeuron(1, 5, 2.0),
        llm_tt.Steer.tokens(0, 7, strength=2.0),
    ]
    trace = llm_tt.run_with_edits(model, TEXT, edits)
    target = Target(len(trace.prompt) - 2, token_id=7, contrast_id=None, metric="logprob")
    gradients = target_gradients(model, trace, target)
    unedited = target_gradients(model, llm_tt.capture(model, TEXT), target)
    direction = torch.randn(trace.stream[0].shape, generator=torch.Generator().manual_seed(0)).double()
    places = [(Site.RESID_PRE, 0, gradients.pre[0], unedited.pre[0])]
    for layer in range(trace.n_layers):
        places.append((Site.ATTENTION_OUT, layer, gradients.mid[layer], unedited.mid[layer]))
        places.append((Site.MLP_OUT, layer, gradients.post[layer], unedited.post[layer]))

    def measure(site, layer, step):
        hooks = [*trace.changes.hooks(), Hook(site, layer, lambda state: state + step * direction)]
        return target.measure(model.run(trace.prompt.token_ids, hooks)[target.position])

    for site, layer, gradient, other in places:
        with torch.no_grad():
            expected = float(measure(site, layer, STEP) - measure(site, layer, -STEP)) / (2 * STEP)
        assert float((gradient * direction).sum()) == pytest.approx(expected, rel=1e-6), (site, layer)
        if (site, layer) != (Site.MLP_OUT, 1):  # the last state: its gradient depends on the state alone
            assert float((other * direction).sum()) != pytest.approx(expected, rel=1e-2), (site, layer)
