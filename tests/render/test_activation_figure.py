"""One bar a position, in the colour of its sign."""

import torch

from llm_tt.render.activation_figure import activation_figure
from llm_tt.render.colours import NEGATIVE, POSITIVE


def test_bars_signs_and_mark():
    figure = activation_figure(torch.tensor([1.5, -0.25, 0.0]), ["<i>", " a", "b"], 1)
    (bars,) = figure.data
    assert list(bars.x) == ["&lt;i&gt; (0)", "·a (1)", "b (2)"]
    assert list(bars.y) == [1.5, -0.25, 0.0]
    assert list(bars.marker.color) == [POSITIVE, NEGATIVE, POSITIVE]
    (mark,) = figure.layout.shapes
    assert mark.x0 == mark.x1 == 1
