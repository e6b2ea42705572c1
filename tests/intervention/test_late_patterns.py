"""Where patterns come too late, and what a pattern is when it is asked as a derivative."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.intervention.late_patterns import has_late_patterns, live_column
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.families.registry import FAMILIES

TEXT = "Some words."
LATE = {"GPT-Neo", "GPT-J", "OPT"}


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_which_families_are_late(family, open_family):
    assert has_late_patterns(open_family(family)) is (family in LATE)


@pytest.mark.parametrize("family", sorted(LATE))
def test_the_derivative_of_the_mix_is_the_pattern_with_its_gradient(family, open_double):
    """The gradient of one entry, against differences of the pattern that the run shows."""
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    layer, head, query, key = 1, 2, 9, 6
    direction = torch.randn(trace.stream[0].shape, generator=torch.Generator().manual_seed(0)).double()
    seen = {}

    def start(state):
        seen["start"] = state.detach().requires_grad_()
        return seen["start"]

    def see_values(values):
        seen["values"] = values.view_as(values)
        return seen["values"]

    def see_mix(mixed):
        heads = mixed.reshape(1, len(trace.prompt), 4, -1)
        seen["column"] = live_column(heads, seen["values"], key)[0]

    with torch.enable_grad():
        model.run(
            trace.prompt.token_ids,
            [
                Hook(Site.RESID_PRE, 0, start),
                Hook(Site.VALUES, layer, see_values),
                Hook(Site.HEAD_MIX, layer, see_mix),
            ],
        )
        (gradient,) = torch.autograd.grad(seen["column"][head, query], seen["start"])
    assert_close(seen["column"].detach(), trace.patterns[layer][..., key], atol=1e-12, rtol=0)

    def pattern_after(step):
        found = []
        hooks = [
            Hook(Site.RESID_PRE, 0, lambda state: state + step * direction),
            Hook(Site.PATTERN, layer, lambda pattern: found.append(float(pattern[0, head, query, key]))),
        ]
        with torch.no_grad():
            model.run(trace.prompt.token_ids, hooks)
        return found[0]

    expected = (pattern_after(1e-5) - pattern_after(-1e-5)) / 2e-5
    assert abs(expected) > 1e-4
    assert float((gradient[0] * direction).sum()) == pytest.approx(expected, rel=1e-5)
