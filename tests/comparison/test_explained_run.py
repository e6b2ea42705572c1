"""One side is what the library's steps give, one after the other."""

import torch

import llm_tt


def test_with_a_target(tiny_model):
    run = llm_tt.explain(tiny_model, "abcd", "relp", target_position=2, target_token="x", contrast_token="y")
    trace = llm_tt.capture(tiny_model, "abcd")
    shares = llm_tt.attribute(
        tiny_model, trace, "relp", target_position=2, target_token="x", contrast_token="y"
    )
    assert run.target == shares.target
    assert (run.graph.weight == llm_tt.build_graph(shares).weight).all()
    assert llm_tt.explain(tiny_model, trace, "relp", target_position=2).trace is trace


def test_flow_routes_know_no_target_but_a_number_is_told(tiny_model):
    run = llm_tt.explain(tiny_model, "abcd", target_position=1, target_token="x")
    assert run.shares.target is None
    assert run.graph.target_position == run.target.position == 1
    assert tiny_model.token_strings([run.target.token_id]) == ("x",)


def test_with_edits(tiny_model):
    edits = [llm_tt.Ablate.head(0, 1)]
    run = llm_tt.explain(tiny_model, "abcd", edits=edits)
    assert torch.equal(run.trace.logits, llm_tt.run_with_edits(tiny_model, "abcd", edits).logits)
    assert run.graph.record.is_edited
