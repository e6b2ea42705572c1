"""Promoted tokens: parts add up in the exact reading, and both readings are what they say."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.errors import AttributionError, CapabilityError, TargetError
from llm_tt.lens import promotion
from llm_tt.lens.promotion import READINGS, change_of_tokens, check_reading, promoted_by_each, promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part
from tests.families.registry import FAMILIES

TEXT = "Some words."
TOKENS = (3, 250, 7)


@pytest.fixture(scope="module")
def trace(tiny_model):
    return llm_tt.capture(tiny_model, TEXT)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_all_parts_of_the_last_state_and_the_biases_are_the_prediction(family, open_family):
    model = open_family(family.name)
    trace, at = llm_tt.capture(model, TEXT), 5
    vectors = [trace.stream[0, at], *trace.attention_out[:, at], *trace.mlp_out[:, at]]
    changes = torch.tensor([change_of_tokens(model, trace, vector, at, TOKENS) for vector in vectors])
    biases = model.read_out(torch.zeros_like(vectors[0]))[list(TOKENS)]
    found = model.cap_logits(changes.sum(0) + biases)
    assert_close(found, trace.logits[at, list(TOKENS)], atol=1e-5 * float(changes.abs().max()) + 1e-6, rtol=0)


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "Gemma", "OLMo"])
def test_the_change_is_what_the_vector_adds_to_a_state(family, open_double):
    """With the norm's factor held, the logits of state and vector are those of both."""
    model = open_double(family)
    trace, at = llm_tt.capture(model, TEXT), 4
    vector = written_by(model, trace, Part.named(f"L0H1@{at}"))
    state = trace.stream[-1, at]
    factor = float(trace.final_norm_scale[at])
    expected = (model.read_part(state + vector, factor) - model.read_part(state, factor))[list(TOKENS)]
    found = change_of_tokens(model, trace, vector, at, TOKENS)
    assert found == pytest.approx(expected.tolist(), rel=1e-9)


def test_promoted_and_suppressed_are_both_ends(tiny_model, trace):
    vector = trace.mlp_out[1, 5]
    found = promoted_tokens(tiny_model, trace, vector, 5, top=4)
    changes = tiny_model.read_part(vector, float(trace.final_norm_scale[5]))
    order = changes.argsort(descending=True)
    assert found.reading == "exact"
    assert found.promoted.token_ids == tuple(order[:4].tolist())
    assert found.suppressed.token_ids == tuple(order.flip(0)[:4].tolist())
    assert found.suppressed.token_strings == tiny_model.token_strings(found.suppressed.token_ids)
    assert found.promoted.changes == change_of_tokens(tiny_model, trace, vector, 5, found.promoted.token_ids)
    opposite = promoted_tokens(tiny_model, trace, -vector, -len(TEXT) + 5, top=4)
    assert opposite.promoted.token_ids == found.suppressed.token_ids


def test_alone_is_the_lens_on_the_vector(tiny_model, trace):
    vector = trace.attention_out[0, 3]
    found = promoted_tokens(tiny_model, trace, vector, 3, top=5, reading="alone")
    ranking = llm_tt.rank_tokens(tiny_model, vector, top=5)
    assert found.promoted.token_ids == ranking.token_ids
    assert found.promoted.changes == pytest.approx(ranking.logits)
    assert list(READINGS) == ["exact", "alone"]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("reading", READINGS)
def test_a_vector_of_zeros_can_be_read(family, reading, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, TEXT)
    found = promoted_tokens(model, trace, torch.zeros(32), 2, top=3, reading=reading)
    assert torch.tensor(found.promoted.changes).isfinite().all()
    if reading == "exact":
        assert found.promoted.token_ids == found.suppressed.token_ids == (0, 1, 2)


def test_each_of_many_vectors_as_if_alone(tiny_model, trace, monkeypatch):
    vectors, positions = torch.randn(7, 32), [0, 3, -1, 5, 5, 2, 1]
    expected = [
        promoted_tokens(tiny_model, trace, vector, at, top=3).promoted.token_strings
        for vector, at in zip(vectors, positions, strict=True)
    ]
    assert promoted_by_each(tiny_model, trace, vectors, positions) == expected
    monkeypatch.setattr(promotion, "NUMBERS_AT_ONCE", 2 * tiny_model.dimensions.d_vocab)
    assert promoted_by_each(tiny_model, trace, vectors, positions) == expected
    assert promoted_by_each(tiny_model, trace, vectors[:0], []) == []


def test_what_cannot_be_read_is_said(tiny_model, trace, without_lens):
    vector = trace.mlp_out[0, 0]
    with pytest.raises(AttributionError, match="readings are exact and alone"):
        check_reading("upside down")
    with pytest.raises(TargetError, match="position 99"):
        promoted_tokens(tiny_model, trace, vector, 99)
    with pytest.raises(ValueError, match="NaN"):
        promoted_tokens(tiny_model, trace, vector * float("nan"), 0)
    without_lens(tiny_model)
    for read in (
        lambda: promoted_tokens(tiny_model, trace, vector, 0),
        lambda: promoted_tokens(tiny_model, trace, vector, 0, reading="alone"),
        lambda: promoted_by_each(tiny_model, trace, vector[None], [0]),
        lambda: change_of_tokens(tiny_model, trace, vector, 0, [1]),
    ):
        with pytest.raises(CapabilityError, match="switched off"):
            read()


def test_a_vector_of_zeros_promotes_nothing(tiny_model):
    trace = llm_tt.capture(tiny_model, "So")
    vectors = torch.stack([trace.mlp_out[0, 0], torch.zeros_like(trace.mlp_out[0, 0])])
    some, none = promoted_by_each(tiny_model, trace, vectors, [0, 0])
    assert len(some) == 3
    assert none == ()
