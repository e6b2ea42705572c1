"""The distance of two predictions."""

import pytest
import torch

from llm_tt.attribution.divergence import divergence


def test_by_hand():
    before = torch.tensor([0.5, 0.25, 0.25]).double().log()
    after = torch.tensor([0.25, 0.25, 0.5]).double().log()
    expected = 0.5 * torch.log(torch.tensor(2.0)) + 0.25 * torch.log(torch.tensor(0.5))
    assert float(divergence(before, after)) == pytest.approx(float(expected))


def test_equal_predictions_are_at_no_distance_whatever_is_added_to_the_logits():
    logits = torch.randn(4, 9)
    assert divergence(logits, logits + 3.0).tolist() == pytest.approx([0.0] * 4, abs=1e-6)


def test_what_is_ruled_out_before_counts_nothing():
    before, after = torch.tensor([0.0, -torch.inf]), torch.tensor([0.0, 0.0])
    assert float(divergence(before, after)) == pytest.approx(0.6931, abs=1e-4)
