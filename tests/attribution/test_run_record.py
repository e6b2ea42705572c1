"""What a run said, as plain values, equals what its trace says."""

import pytest

import llm_tt
from llm_tt.attribution.run_record import NO_RECORD, RunRecord
from llm_tt.lens.token_ranking import rank_logits


def test_predictions_are_the_first_of_each_ranking(tiny_model):
    trace = llm_tt.capture(tiny_model, "some words")
    record = llm_tt.attribute(tiny_model, trace).record
    assert record.model == tiny_model.spec.source
    assert len(record.predictions) == len(trace.prompt)
    for said, logits in zip(record.predictions, trace.logits, strict=True):
        best = rank_logits(tiny_model, logits, top=1)
        assert said.token == best.token_strings[0]
        assert said.probability == pytest.approx(best.probabilities[0], rel=1e-5)


def test_a_target_is_told_with_its_number(tiny_model):
    trace = llm_tt.capture(tiny_model, "some words")
    alone = llm_tt.attribute(tiny_model, trace, "gradact", target_token=3, target_position=1).record.explained
    assert alone.token == tiny_model.token_strings([3])[0]
    assert alone.contrast is None
    assert alone.value == pytest.approx(float(trace.logits[1].softmax(-1)[3]))
    against = llm_tt.attribute(tiny_model, trace, "dla", target_token=3, contrast_token=8).record.explained
    assert against.contrast == tiny_model.token_strings([8])[0]
    assert against.value == pytest.approx(float(trace.logits[-1, 3] - trace.logits[-1, 8]))


def test_flow_routes_explain_nothing_and_an_edited_run_says_so(tiny_model):
    assert llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, "ab")).record.explained is None
    edited = llm_tt.run_with_edits(tiny_model, "ab", [llm_tt.Ablate.mlp(0)])
    record = llm_tt.attribute(tiny_model, edited).record
    assert record.is_edited
    assert record.edits == ("MLP L0.mlp off (mean) at all positions",)


def test_a_graph_hands_the_record_on(tiny_model):
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, "ab"))
    assert llm_tt.build_graph(shares).prune(density=0.1).record is shares.record
    assert RunRecord() == NO_RECORD
