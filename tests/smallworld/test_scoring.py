"""Scores: right answers are found, and padding changes nothing."""

import pytest
import torch

from llm_tt.smallworld.evaluate import open_model
from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.scoring import next_token_probabilities, score

TEXTS = ["The capital of Japan is the city of", "Mary", "5 + 4 = 9, 2 + 3 ="]


@pytest.fixture(scope="module")
def opened():
    return open_model()


@pytest.mark.parametrize("with_start", [False, True])
def test_a_text_is_answered_alike_alone_and_among_longer_ones(opened, with_start):
    together = next_token_probabilities(*opened, TEXTS, with_start=with_start)
    for row, text in enumerate(TEXTS):
        alone = next_token_probabilities(*opened, [text], with_start=with_start)[0]
        torch.testing.assert_close(together[row], alone, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(together.sum(-1), torch.ones(len(TEXTS)))


def test_accuracy_counts_every_right_answer(opened):
    result = score(*opened, generate("greater_than", 40, 1, "held_out"))
    assert (result.task, result.prompts) == ("greater_than", 40)
    assert 0.0 <= result.accuracy <= 1.0
    assert -1.0 <= result.margin <= 1.0
