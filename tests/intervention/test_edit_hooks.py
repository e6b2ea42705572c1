"""Hooks know how far a text is, serve any number of copies, and leave gradients their way."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.intervention.run import run_with_edits
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.conftest import BY_NAME
from tests.families.registry import build
from tests.intervention.kinds_of_edits import EVERY_KIND

TEXT = "Some words."


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Llama, with biases", "Mistral"])
def test_several_copies_are_edited_alike(family, open_family):
    model = open_family(family)
    trace = run_with_edits(model, TEXT, list(EVERY_KIND.values()))
    with torch.no_grad():
        logits = model.run_copies(trace.prompt.token_ids, 3, trace.changes.hooks())
    assert_close(logits, trace.logits.expand(3, -1, -1), atol=1e-5, rtol=1e-5)


def test_a_later_step_edits_its_own_positions(tiny_model):
    hooks = EditHooks(EditPlan(tiny_model, [SetNeuron(0, 1, 7.0, positions=(1, 5))]), 4)
    activate = hooks.hooks()[0].apply
    assert activate(torch.zeros(1, 4, 128))[0, :, 1].tolist() == [0, 7, 0, 0]
    hooks.seen(4)
    assert activate(torch.zeros(1, 1, 128)) is None
    hooks.seen(1)
    assert activate(torch.zeros(1, 1, 128))[0, :, 1].tolist() == [7]


def measured(model, token_ids, edit, change):
    """One number of an edited run with a changed embedding; patterns are found anew, for they change too."""
    start = Hook(Site.RESID_PRE, 0, change)
    hooks = EditHooks(EditPlan(model, [edit]), len(token_ids))
    while hooks.missing:
        with torch.no_grad():
            model.run(token_ids, [start, *hooks.hooks()])
    return model.run(token_ids, [start, *hooks.hooks()])[-1, 7]


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "GPT-Neo", "OPT", "Llama", "Gemma 2"])
def test_gradients_through_an_edit_are_slopes_of_the_edited_run(family, open_double):
    """At the embedding: all that the edited run does with it lies in between."""
    model = open_double(family)
    token_ids = model.tokenize(TEXT).token_ids
    with torch.no_grad():
        state = llm_tt.capture(model, TEXT).stream[:1]
    direction = torch.randn(state.shape, generator=torch.Generator().manual_seed(0)).double()
    for name, edit in EVERY_KIND.items():
        begin = state.clone().requires_grad_()
        with torch.enable_grad():
            number = measured(model, token_ids, edit, lambda _, begin=begin: begin)
            (gradient,) = torch.autograd.grad(number, begin)
        with torch.no_grad():
            more, less = (
                float(measured(model, token_ids, edit, lambda state, step=step: state + step * direction))
                for step in (1e-5, -1e-5)
            )
        slope = (more - less) / 2e-5
        assert abs(slope) > 1e-4
        assert float((gradient * direction).sum()) == pytest.approx(slope, rel=1e-5), name


def test_what_the_model_gave_is_left_alone(tiny_model):
    """Hooks never write into the model's own tensors."""
    given = {}

    def keep(site, layer):
        def note(tensor):
            given[site, layer] = (tensor, tensor.clone())

        return Hook(site, layer, note)

    sites = (Site.VALUES, Site.PATTERN, Site.HEAD_MIX, Site.NEURONS, Site.MLP_OUT)
    keepers = [keep(site, layer) for site in sites for layer in range(2)]
    hooks = EditHooks(EditPlan(tiny_model, list(EVERY_KIND.values())), 11)
    with torch.no_grad():
        tiny_model.run(tiny_model.tokenize(TEXT).token_ids, [*keepers, *hooks.hooks()])
    for tensor, before in given.values():
        assert torch.equal(tensor, before)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2"])
def test_half_precision(family, byte_tokenizer, open_family):
    """Edits work in the precision of the model, and do there about what they do in full."""
    model = llm_tt.load_model(build(BY_NAME[family], torch.bfloat16), byte_tokenizer)
    edits = [Ablate.head(0, 1), Scale.edge(1, 2, 0.5), Ablate.mlp(0), Steer.tokens(1, 7, strength=1.0)]
    rough = run_with_edits(model, TEXT, edits)
    fine = run_with_edits(open_family(family), TEXT, edits)
    unedited = llm_tt.capture(open_family(family), TEXT)
    assert rough.logits.dtype == torch.float32
    assert (rough.logits - fine.logits).norm() < 0.2 * (unedited.logits - fine.logits).norm()
