"""What a visitor looks at, as one value."""

from pathlib import Path

import pytest
import torch

import llm_tt
from llm_tt.app.cached import Run
from llm_tt.app.view import View
from llm_tt.attribution.target import resolve_target
from llm_tt.settings import load_settings

SETTINGS = load_settings(Path("config/local.toml"))


def test_it_knows_the_prompts_tokens(tiny_model):
    trace = llm_tt.capture(tiny_model, "a b")
    view = View(
        SETTINGS,
        tiny_model,
        trace,
        llm_tt.attribute(tiny_model, trace),
        resolve_target(tiny_model, trace),
    )
    assert view.tokens == ("a", " ", "b")


@pytest.mark.parametrize("edits", [(), (llm_tt.Ablate.head(2, 1),)])
def test_later_it_is_the_same_again(world, edits):
    model, trace, target = world
    trace = llm_tt.run_with_edits(model, trace.prompt, edits) if edits else trace
    names = {"L2H1": "mover"}
    view = View(SETTINGS, model, trace, llm_tt.attribute(model, trace), target, names=names)
    assert view.run == Run(model.spec, trace.prompt.text, edits)
    again = view.later()()
    assert torch.allclose(again.trace.logits, trace.logits, atol=1e-4)
    assert torch.allclose(again.shares.mlp, view.shares.mlp, atol=1e-4)
    assert (again.target, again.names, again.baseline) == (target, names, view.baseline)
