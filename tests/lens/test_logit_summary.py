"""Rows of logits in a few numbers: the same as one row, read in the plainest way."""

import math

import pytest
import torch

from llm_tt.lens.logit_summary import summary_of
from llm_tt.lens.token_ranking import ranks_of


@pytest.mark.parametrize("n_values", [3, 10**6])
def test_each_row_as_if_alone(n_values):
    """Few values make many equal logits."""
    numbers = torch.randint(n_values, (6, 300), generator=torch.Generator().manual_seed(3))
    logits = numbers.float() / n_values * 4
    target_ids = torch.tensor([0, 299, 17, 17, 5, 8])
    found = summary_of(logits, target_ids)
    for row, target_id in enumerate(target_ids.tolist()):
        plain = [math.exp(number) for number in logits[row].double().tolist()]
        probabilities = [number / sum(plain) for number in plain]
        best = max(range(300), key=lambda token_id: (plain[token_id], -token_id))
        assert int(found.token_ids[row]) == best
        assert float(found.probabilities[row]) == pytest.approx(probabilities[best], rel=1e-5)
        assert float(found.target_probabilities[row]) == pytest.approx(probabilities[target_id], rel=1e-5)
        entropy = -sum(p * math.log(p) for p in probabilities)
        assert float(found.entropies[row]) == pytest.approx(entropy, rel=1e-5)
        assert (int(found.target_ranks[row]),) == ranks_of(logits[row], [target_id])
        assert float(found.target_logits[row]) == float(logits[row, target_id])


def test_tokens_that_are_ruled_out_leave_numbers_that_are_numbers():
    logits = torch.tensor([[0.0, 0.0, -math.inf]])
    found = summary_of(logits, torch.tensor([2]))
    assert float(found.entropies[0]) == pytest.approx(math.log(2))
    assert float(found.target_probabilities[0]) == 0
    assert int(found.target_ranks[0]) == 3


def test_damage_is_said():
    with pytest.raises(ValueError, match="NaN"):
        summary_of(torch.full((1, 4), math.nan), torch.tensor([0]))
