"""The hook that a card names holds what the card is about."""

import pytest
import torch

import llm_tt
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.render.part_hooks import hook_of
from llm_tt.tracing.parts import Part


@pytest.fixture(scope="module")
def seen(tiny_model):
    """What flows at every hook point of one run, by name; and the trace of the same prompt."""
    prompt = tiny_model.tokenize("some words")
    found: dict[str, torch.Tensor] = {}

    def keeping(name: str):
        return lambda tensor: found.update({name: tensor.detach().clone()})

    sites = (Site.RESID_PRE, Site.RESID_MID, Site.RESID_POST, Site.PATTERN, Site.HEAD_MIX, Site.MLP_OUT)
    layers = range(tiny_model.dimensions.n_layers)
    hooks = [
        Hook(site, layer, keeping(site.at(layer))) for site in (*sites, Site.NEURONS) for layer in layers
    ]
    with torch.no_grad():
        tiny_model.run(prompt.token_ids, hooks)
    return found, llm_tt.capture(tiny_model, prompt.text)


def value_at(hook: str, found: dict[str, torch.Tensor]) -> torch.Tensor:
    name, _, index = hook.partition("[")
    return eval(f"tensor[{index}", {"tensor": found[name]})[0]


def test_each_name_holds_what_the_trace_says(seen):
    found, trace = seen
    at = 3
    expected = {
        "embed@3": trace.resid_pre[0, at],
        "L1.mid@3": trace.resid_mid[1, at],
        "L1.post@3": trace.resid_post[1, at],
        "L1.mid.residual@3": trace.resid_pre[1, at],
        "L1.post.residual@3": trace.resid_mid[1, at],
        "L1.attention@1-3": trace.patterns[1][:, at, 1],
        "L1H2@1-3": trace.patterns[1][2, at, 1],
        "L1.mlp@3": trace.mlp_out[1, at],
        "L1N5@3": trace.mlp_activations[1, at, 5],
        "L1H2@3": (trace.patterns[1][2, at] @ trace.layer_values(1)[:, 2]),
    }
    for name, value in expected.items():
        torch.testing.assert_close(value_at(hook_of(Part.named(name)), found), value, rtol=1e-5, atol=1e-6)
