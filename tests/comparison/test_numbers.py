"""Every number, computed here from the passes and from edges one by one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import llm_tt


@pytest.mark.parametrize("threshold", [None, 0.0])
def test_both_sides(two_prompts, threshold):
    found = two_prompts.numbers(threshold)
    for side, run in ((found.first, two_prompts.first), (found.second, two_prompts.second)):
        logits = run.trace.logits[-1]
        probabilities = torch.softmax(logits, -1)
        best = int(probabilities.argmax())
        assert (side.prediction,) == run.model.token_strings([best])
        assert side.probability == pytest.approx(float(probabilities[best]))
        token_id = run.target.token_id
        assert side.target_probability == pytest.approx(float(probabilities[token_id]))
        assert side.target_rank == 1 + int((logits > logits[token_id]).sum())
        assert side.measured == side.target_logit == pytest.approx(float(logits[token_id]))
        assert side.n_edges == run.graph.prune(threshold=side.threshold).n_edges
    ours, theirs = (
        run.trace.logits[-1].double().softmax(-1) for run in (two_prompts.first, two_prompts.second)
    )
    assert found.kl == pytest.approx(float((ours * (ours / theirs).log()).sum()), rel=1e-4)
    assert found.first.threshold == found.second.threshold
    counts = two_prompts.difference(threshold).counts
    assert found.likeness.overlap == counts.overlap


def test_the_difference_of_a_contrast_is_what_is_measured(tiny_model):
    run = llm_tt.explain(tiny_model, "abcd", "relp", target_token="x", contrast_token="y")
    found = llm_tt.compare(run, run).numbers()
    logits = run.trace.logits[-1]
    assert (found.first.target, found.first.contrast) == ("x", "y")
    assert found.first.measured == pytest.approx(
        float(logits[run.target.token_id] - logits[run.target.contrast_id])
    )
    assert found.kl == 0
    assert found.likeness.edge_correlation == pytest.approx(1)
    assert found.likeness.component_correlation == pytest.approx(1)
    assert found.likeness.largest_changes == ()


def test_other_units_are_cut_to_equally_many_edges(tiny_model):
    shares, relevance = (llm_tt.explain(tiny_model, "abcd", method) for method in ("ifr", "relp"))
    found = llm_tt.compare(shares, relevance).numbers()
    assert found.first.n_edges == found.second.n_edges > 0
    assert found.first.threshold != found.second.threshold
    ours, theirs = (
        set(
            zip(
                kept.source.tolist(),
                kept.target.tolist(),
                kept.head.tolist(),
                kept.kind.tolist(),
                strict=True,
            )
        )
        for kept in (
            run.graph.prune(threshold=side.threshold)
            for run, side in ((shares, found.first), (relevance, found.second))
        )
    )
    assert found.likeness.overlap == len(ours & theirs) / len(ours | theirs)
    assert found.likeness.largest_changes == ()


def test_nothing_is_kept(two_prompts):
    found = two_prompts.numbers(1e6)
    assert (found.first.n_edges, found.second.n_edges) == (0, 0)
    assert (
        found.likeness.overlap
        is found.likeness.edge_correlation
        is found.likeness.component_correlation
        is None
    )


def test_models_of_other_sizes_have_no_common_edges(two_prompts):
    lattice = replace(two_prompts.first.graph.lattice, n_layers=7)
    other = replace(two_prompts.first, graph=replace(two_prompts.first.graph, lattice=lattice))
    found = llm_tt.compare(other, two_prompts.first).numbers()
    assert found.likeness is None
    assert found.second.n_edges > 0
    assert np.isfinite(found.kl)
