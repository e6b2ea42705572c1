"""A token followed through all states is what each state says of it."""

import pytest

import llm_tt
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens import token_path
from llm_tt.lens.state_reading import states_of
from llm_tt.lens.token_path import follow_token
from llm_tt.lens.written import written_by

TEXT = "Some words."


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2"])
def test_each_state_as_if_alone(family, open_family, monkeypatch):
    model = open_family(family)
    trace, token_id = llm_tt.capture(model, TEXT), 17
    path = follow_token(model, trace, -2, token_id)
    assert path.parts == states_of(trace, len(TEXT) - 2)
    for place, part in enumerate(path.parts):
        state = written_by(model, trace, part)
        ranking = llm_tt.rank_tokens(model, state, top=model.dimensions.d_vocab)
        where = ranking.token_ids.index(token_id)
        assert path.ranks[place] == where + 1
        assert path.probabilities[place] == pytest.approx(ranking.probabilities[where], rel=1e-4)
        assert path.logits[place] == pytest.approx(ranking.logits[where], rel=1e-4, abs=1e-5)
    monkeypatch.setattr(token_path, "NUMBERS_AT_ONCE", 1)
    again = follow_token(model, trace, -2, token_id)
    assert again.ranks == path.ranks
    assert again.logits == pytest.approx(path.logits, rel=1e-4, abs=1e-5)


def test_it_ends_at_the_models_own_prediction(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    best = int(trace.logits[4].argmax())
    path = follow_token(tiny_model, trace, 4, best)
    assert path.ranks[-1] == 1
    assert path.logits[-1] == float(trace.logits[4, best])


def test_what_cannot_be_followed_is_said(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(TargetError, match="position 99"):
        follow_token(tiny_model, trace, 99, 3)
    with pytest.raises(TargetError, match="token number 300"):
        follow_token(tiny_model, trace, 0, 300)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        follow_token(tiny_model, trace, 0, 3)
