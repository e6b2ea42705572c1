"""Errors are told position by position, and what is not a number is never passed over."""

import math

import torch

from llm_tt.model.hook_names import Site
from llm_tt.model.probe import Probe, deviation, largest_error


def test_an_error_is_relative_to_its_own_position():
    expected = torch.tensor([[1000.0, 1.0], [1.0, 2.0]])
    found = expected + torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    # The second position counts by what is usual: 0.01 of the median is below its own 2.
    assert deviation(found, expected) == 0.5


def test_the_largest_error_may_be_no_number():
    assert largest_error([1.0, 3.0]) == 3.0
    assert math.isnan(largest_error([float("nan"), 1.0]))


def test_what_flows_is_kept_without_a_batch(tiny_model):
    sizes = tiny_model.dimensions
    with torch.no_grad():
        probe = Probe(tiny_model, [5, 6, 7])
    assert probe[Site.QUERIES, 1].shape == (3, sizes.n_heads, sizes.d_head)
    assert probe.logits.shape == (3, sizes.d_vocab)
    assert probe.scale(Site.ATTENTION_POST_NORM, 0) == 1.0
