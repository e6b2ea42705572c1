"""A position's overview: states as the lens reads them one by one, and changes that add up to the logit."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens import position_overview
from llm_tt.lens.position_overview import overview_of
from llm_tt.lens.state_reading import read_state, states_of
from llm_tt.lens.token_path import follow_token
from tests.families.registry import FAMILIES

TEXT = "Some words."
CONTRASTS = (None, 250)


def check_sum(model, trace, target, tolerance):
    found = overview_of(model, trace, target)
    parts = [found.embedding_change, *found.attention_changes, *found.mlp_changes, found.constant]
    at = target.position
    before_cap = model.read_part(trace.stream[-1, at], float(trace.final_norm_scale[at]))
    measured_before_cap = float(target.measure(before_cap))
    assert sum(parts) - found.constant == pytest.approx(
        measured_before_cap, abs=tolerance * sum(map(abs, parts))
    )
    if torch.equal(model.cap_logits(trace.logits[at]), trace.logits[at]):
        own = float(target.measure(trace.logits[at]))
        assert sum(parts) == pytest.approx(own, abs=tolerance * sum(map(abs, parts)))
    return len(parts)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("contrast", CONTRASTS)
def test_all_changes_add_up_to_what_the_target_measures(family, contrast, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=5, token=7, contrast=contrast)
    assert check_sum(model, trace, target, 2e-6) == 6


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2", "Llama, with biases", "Mixtral"])
def test_in_double_precision_exactly(family, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    check_sum(model, trace, resolve_target(model, trace, token=7, contrast=9), 1e-13)


def test_under_a_cap_they_add_up_to_what_is_capped(open_family):
    model = open_family("Gemma 2")
    trace = llm_tt.capture(model, TEXT)
    found = overview_of(model, trace, resolve_target(model, trace, token=7))
    whole = found.embedding_change + sum(found.attention_changes) + sum(found.mlp_changes) + found.constant
    own = float(trace.logits[-1, 7])
    assert float(model.cap_logits(torch.tensor([whole]))) == pytest.approx(own, rel=1e-4, abs=1e-5)
    assert found.states[-1].target_logit == own


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2"])
@pytest.mark.parametrize("numbers_at_once", [1 << 23, 1])
def test_each_state_as_if_alone(family, numbers_at_once, open_family, monkeypatch):
    monkeypatch.setattr(position_overview, "NUMBERS_AT_ONCE", numbers_at_once)
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=-2, token=17)
    found, path = overview_of(model, trace, target), follow_token(model, trace, -2, 17)
    assert tuple(state.part for state in found.states) == states_of(trace, len(TEXT) - 2) == path.parts
    for place, state in enumerate(found.states):
        ranking = read_state(model, trace, state.part, top=model.dimensions.d_vocab).ranking
        assert (state.token_id, state.token) == (ranking.token_ids[0], ranking.token_strings[0])
        assert state.probability == pytest.approx(ranking.probabilities[0], rel=1e-4)
        p = torch.tensor(ranking.probabilities)
        assert state.entropy == pytest.approx(float(-(p * p.log()).sum()), rel=1e-4)
        assert state.target_rank == path.ranks[place]
        assert state.target_probability == pytest.approx(path.probabilities[place], rel=1e-4)
        assert state.target_logit == pytest.approx(path.logits[place], rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J"])
def test_one_row_a_layer(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    found = overview_of(model, trace, resolve_target(model, trace, position=3, token=17))
    rows = found.rows
    assert [row.layer for row in rows] == [-1, 0, 1]
    assert [str(row.post.part) for row in rows] == ["embed@3", "L0.post@3", "L1.post@3"]
    mids = [None, None, None] if family == "GPT-J" else [None, "L0.mid@3", "L1.mid@3"]
    assert [row.mid and str(row.mid.part) for row in rows] == mids
    assert [row.attention_change for row in rows] == [None, *found.attention_changes]
    assert [row.mlp_change for row in rows] == [None, *found.mlp_changes]


def test_what_cannot_be_read_is_said(tiny_model, without_lens):
    trace, longer = llm_tt.capture(tiny_model, TEXT), llm_tt.capture(tiny_model, TEXT * 2)
    target = resolve_target(tiny_model, longer, token=7)
    with pytest.raises(TargetError, match="position 21"):
        overview_of(tiny_model, trace, target)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        overview_of(tiny_model, longer, target)
