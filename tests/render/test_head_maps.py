"""Maps hold a head's numbers, the future stays empty, and what is looked at is framed."""

import numpy as np
import pytest
import torch

from llm_tt.render.colours import AMOUNTS, CHOSEN, SIGNED
from llm_tt.render.head_maps import attention_map, contribution_map

TOKENS = ["<b>", " a", " b"]
PATTERN = torch.tensor([[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.2, 0.3, 0.5]])
SIGNED_WEIGHTS = torch.tensor([[0.5, 0.0, 0.0], [-2.0, 0.25, 0.0], [0.0, 1.0, 0.5]])


def test_rows_are_queries_and_the_future_is_empty():
    (heatmap,) = attention_map(PATTERN, TOKENS, 2, 1).data
    assert heatmap.z[1][0] == 25
    assert heatmap.z[2][1] == pytest.approx(30)
    assert np.isnan(heatmap.z[0][1:]).all()
    assert (heatmap.zmin, heatmap.zmax) == (0, 100)
    assert "attention %{z:.1f} %" in heatmap.hovertemplate
    assert tuple(map(tuple, heatmap.colorscale)) == AMOUNTS
    assert list(heatmap.x) == list(heatmap.y) == ["&lt;b&gt; (0)", "·a (1)", "·b (2)"]


def test_the_first_token_is_on_top():
    layout = attention_map(PATTERN, TOKENS, 2, 1).layout
    assert tuple(layout.yaxis.range) == (2.5, -0.5)
    assert tuple(layout.xaxis.range) == (-0.5, 2.5)


def test_signed_contributions_are_centred_at_zero():
    (heatmap,) = contribution_map(SIGNED_WEIGHTS, TOKENS, 1, 0, unit="logits").data
    assert (heatmap.zmin, heatmap.zmax) == (-2, 2)
    assert tuple(map(tuple, heatmap.colorscale)) == SIGNED
    assert "logits" in heatmap.hovertemplate


def test_shares_begin_at_zero():
    (heatmap,) = contribution_map(PATTERN * 0.1, TOKENS, 1, 0).data
    assert (heatmap.zmin, heatmap.zmax) == (0, pytest.approx(10))


def test_a_head_without_any_contribution_can_be_drawn():
    (heatmap,) = contribution_map(torch.zeros(3, 3), TOKENS, 1, 0, unit="nats").data
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)


@pytest.mark.parametrize("n_tokens", [5, 100])
@pytest.mark.parametrize("key", [1, None])
def test_what_is_looked_at_is_framed_and_labelled(n_tokens, key):
    figure = attention_map(torch.eye(n_tokens), [f"t{i}" for i in range(n_tokens)], 3, key)
    frame = figure.layout.shapes[0]
    assert frame.line.color == CHOSEN
    reach = 0.5 if n_tokens == 5 else 1  # a tiny cell would vanish under its frame
    first, last = (0, 3) if key is None else (1, 1)
    assert (frame.x0, frame.x1) == (first - reach, last + reach)
    assert (frame.y0, frame.y1) == (3 - reach, 3 + reach)
    assert "t3 (3)" in figure.layout.yaxis.tickvals
    if key is not None:
        assert "t1 (1)" in figure.layout.xaxis.tickvals
