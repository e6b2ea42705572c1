"""The logit lens: exact, ordered, and the same for the last state as the model's own answer."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.errors import CapabilityError
from llm_tt.lens.token_ranking import rank_logits, ranks_of, strongest_tokens
from tests.families.registry import FAMILIES


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_last_state_gives_the_models_own_answer(family, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, "What next")
    lens = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=5)
    own = rank_logits(model, trace.logits[-1], top=5)
    assert lens.token_ids == own.token_ids
    assert_close(torch.tensor(lens.probabilities), torch.tensor(own.probabilities), atol=1e-5, rtol=1e-4)


def test_by_hand(tiny_model):
    logits = torch.zeros(tiny_model.dimensions.d_vocab)
    logits[7], logits[3] = 2.0, 1.0
    ranking = rank_logits(tiny_model, logits, top=4)
    assert ranking.token_ids == (7, 3, 0, 1)  # equal logits keep the order of the vocabulary
    assert ranking.logits == (2.0, 1.0, 0.0, 0.0)
    total = torch.e**2 + torch.e + len(logits) - 2
    assert ranking.probabilities == pytest.approx([torch.e**2 / total, torch.e / total, 1 / total, 1 / total])


def test_more_than_the_vocabulary_is_the_vocabulary(tiny_model):
    ranking = rank_logits(tiny_model, torch.randn(tiny_model.dimensions.d_vocab), top=10**6)
    assert len(ranking.token_ids) == tiny_model.dimensions.d_vocab
    assert sum(ranking.probabilities) == pytest.approx(1)


def test_a_lens_that_is_switched_off_says_so(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, "no lens")
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        llm_tt.rank_tokens(tiny_model, trace.resid_post[-1, -1])


@pytest.mark.parametrize("n_values", [2, 40, 10**6])
@pytest.mark.parametrize("top", [1, 5, 300])
def test_the_strongest_are_those_of_a_stable_sort(n_values, top):
    """Whether many numbers are equal, some, or none."""
    numbers = torch.randint(n_values, (6, 300), generator=torch.Generator().manual_seed(n_values)).float()
    expected = numbers.sort(dim=-1, descending=True, stable=True).indices[:, :top]
    assert torch.equal(strongest_tokens(numbers, top), expected)
    assert torch.equal(strongest_tokens(numbers[0], top), expected[0])


def test_ranks_are_the_places_in_the_ranking(tiny_model):
    logits = torch.randint(40, (300,), generator=torch.Generator().manual_seed(1)).float()
    ranking = rank_logits(tiny_model, logits, top=300)
    assert ranks_of(logits, ranking.token_ids) == tuple(range(1, 301))
    assert ranks_of(logits, []) == ()


def test_arguments_that_make_no_sense(tiny_model):
    logits = torch.zeros(tiny_model.dimensions.d_vocab)
    with pytest.raises(ValueError, match="at least 1; got -1"):
        rank_logits(tiny_model, logits, top=-1)
    with pytest.raises(ValueError, match="NaN"):
        rank_logits(tiny_model, logits * float("nan"))
