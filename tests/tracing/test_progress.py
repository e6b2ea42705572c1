"""Progress of steps in a whole, and of layers."""

import torch

from llm_tt.model.hook_names import Site
from llm_tt.tracing.progress import after_each_layer, silent, within


def test_a_step_lies_within_the_whole():
    told = []
    step = within(told.append, 0.25, 0.75)
    step(0.5)
    step(1.0)
    assert told == [0.5, 0.75]


def test_layers_in_their_order(tiny_model):
    told = []
    hooks = after_each_layer(2, told.append)
    with torch.no_grad():
        plain = tiny_model.run((5, 9, 2))
        assert torch.equal(tiny_model.run((5, 9, 2), hooks), plain)
    assert told == [0.5, 1.0]
    assert {hook.site for hook in hooks} == {Site.RESID_POST}


def test_nobody_waits():
    assert after_each_layer(3, silent) == []
    assert within(silent, 0.2, 0.4) is silent
    assert silent(0.5) is None
