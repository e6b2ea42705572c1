"""Laid out again, the columns are the tensors that they came from."""

import numpy as np
import pytest
import torch

from llm_tt.graph.building import build_graph
from llm_tt.graph.dense import dense_edges, kept_edges
from tests.graph.random_shares import SHAPES, by_hand, random_shares

PARTS = ("attention", "attention_residual", "mlp", "mlp_residual")


def parts_of(edges):
    return [part for name in PARTS if (part := getattr(edges, name)) is not None]


@pytest.mark.parametrize("shape", SHAPES)
def test_weights_come_back(shape):
    shares = random_shares(*shape)
    graph = build_graph(shares)
    laid_out = dense_edges(graph, graph.weight)
    for name in PARTS:
        expected = getattr(shares, name)
        assert (
            getattr(laid_out, name) is None if expected is None else getattr(laid_out, name).equal(expected)
        )


@pytest.mark.parametrize("shape", SHAPES[1:])
def test_all_edges_up_to_the_target_and_none_behind(shape):
    position = shape[2] - 2
    kept = kept_edges(build_graph(random_shares(*shape), position))
    up_to = torch.arange(shape[2]) <= position
    assert kept.attention.equal((up_to[:, None] & up_to).tril().expand_as(kept.attention))
    for part in parts_of(kept)[1:]:
        assert part.dtype == torch.bool
        assert part.equal(up_to.expand_as(part))


@pytest.mark.parametrize("shape", SHAPES)
def test_one_comparison_is_the_mask_of_any_threshold(shape):
    graph = build_graph(random_shares(*shape))
    survival = dense_edges(graph, graph.survival)
    for threshold in (0.01, 0.1, graph.threshold_for(density=0.1), 0.5):
        kept = kept_edges(graph.prune(threshold=threshold))
        for mask, values in zip(parts_of(kept), parts_of(survival), strict=True):
            assert mask.equal(values >= threshold)


def test_by_hand():
    kept = kept_edges(build_graph(by_hand()).prune(threshold=0.25))
    assert kept.attention.tolist() == [[[[False, False], [True, False]]]]
    assert kept.attention_residual.tolist() == [[False, True]]
    assert kept.mlp.tolist() == [[False, True]]
    assert kept.mlp_residual.tolist() == [[False, False]]


def test_the_tensors_can_be_written_to():
    graph = build_graph(by_hand())
    laid_out = dense_edges(graph, graph.survival)
    laid_out.mlp[:] = 7
    assert np.max(graph.survival) < 1
