"""A state's tokens, and where they stand before and at the end."""

import pytest
import torch

import llm_tt
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.state_reading import read_state, state_logits, states_of
from llm_tt.lens.token_ranking import rank_logits
from llm_tt.tracing.parts import Part
from tests.families.registry import FAMILIES

TEXT = "Some words."


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_state_beside_the_one_before(family, open_family):
    model = open_family(family.name)
    trace, at = llm_tt.capture(model, TEXT), 7
    last = rank_logits(model, trace.logits[at], top=model.dimensions.d_vocab)
    before = None
    for part in states_of(trace, at):
        found = read_state(model, trace, part, top=4)
        assert (found.previous is None) is (before is None)
        if before is not None:
            expected = [before.token_ids.index(token_id) + 1 for token_id in found.ranking.token_ids]
            assert found.previous == tuple(expected)
        expected = [last.token_ids.index(token_id) + 1 for token_id in found.ranking.token_ids]
        assert found.final == tuple(expected)
        before = rank_logits(model, state_logits(model, trace, [part])[0], top=model.dimensions.d_vocab)
    assert found.final == (1, 2, 3, 4)
    assert found.ranking == rank_logits(model, trace.logits[at], top=4)


def test_states_in_their_order(tiny_model, open_family):
    names = [str(part) for part in states_of(llm_tt.capture(tiny_model, TEXT), 3)]
    assert names == ["embed@3", "L0.mid@3", "L0.post@3", "L1.mid@3", "L1.post@3"]
    names = [str(part) for part in states_of(llm_tt.capture(open_family("GPT-J"), TEXT), 3)]
    assert names == ["embed@3", "L0.post@3", "L1.post@3"]


def test_a_state_in_between_is_read_by_the_lens(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    found = read_state(tiny_model, trace, Part.named("L0.mid@3"), top=5).ranking
    assert found == llm_tt.rank_tokens(tiny_model, trace.resid_mid[0, 3], top=5)


def test_what_is_no_state_is_said(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(TargetError, match="not a state"):
        read_state(tiny_model, trace, Part.named("L0.mlp@3"))
    with pytest.raises(TargetError, match="no layer 7"):
        read_state(tiny_model, trace, Part.named("L7.post@3"))
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        read_state(tiny_model, trace, Part.named("L0.post@3"))


def test_the_prediction_itself_is_not_touched(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    before = trace.logits.clone()
    state_logits(tiny_model, trace, list(states_of(trace, 3))).zero_()
    assert torch.equal(trace.logits, before)
