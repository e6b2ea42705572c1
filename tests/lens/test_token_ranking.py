"""The logit lens: exact, ordered, and the same for the last state as the model's own answer."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.errors import CapabilityError
from llm_tt.lens.token_ranking import rank_logits
from llm_tt.model.check_up import Capability, CheckUp
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


def test_a_lens_that_is_switched_off_says_so(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, "no lens")
    findings = tuple(
        replace(finding, passed=finding.capability is not Capability.LENS)
        for finding in tiny_model.self_test.findings
    )
    monkeypatch.setattr(tiny_model, "self_test", CheckUp(findings))
    with pytest.raises(CapabilityError, match="switched off"):
        llm_tt.rank_tokens(tiny_model, trace.resid_post[-1, -1])


def test_arguments_that_make_no_sense(tiny_model):
    logits = torch.zeros(tiny_model.dimensions.d_vocab)
    with pytest.raises(ValueError, match="at least 1; got -1"):
        rank_logits(tiny_model, logits, top=-1)
    with pytest.raises(ValueError, match="NaN"):
        rank_logits(tiny_model, logits * float("nan"))
