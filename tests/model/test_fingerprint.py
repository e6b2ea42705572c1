"""One model, one fingerprint."""

import torch

from llm_tt.model.fingerprint import fingerprint_of


def test_a_number_or_a_token_makes_another_one(tiny_model):
    weight = torch.randn(3, 4)
    first = fingerprint_of([("a", weight)], [("x", 0)])
    assert first == fingerprint_of([("a", weight.clone())], [("x", 0)])
    assert first != fingerprint_of([("a", weight + 1)], [("x", 0)])
    assert first != fingerprint_of([("a", weight)], [("y", 0)])
    assert len(tiny_model.fingerprint) == 32
