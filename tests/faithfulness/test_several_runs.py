"""Several sets of runs in one batch come apart again as they went in."""

from itertools import chain

import pytest
import torch

from llm_tt.attribution.baseline import baseline_of
from llm_tt.faithfulness.keep import EdgeScores, strongest
from llm_tt.faithfulness.several_runs import run_prompts_together, run_together


def test_sets_keep_their_order_and_share_both_ends(small_world, ask):
    trace, target = ask("The capital of Japan is the city of", " Tokyo", " Paris")
    length = len(trace.prompt)
    generator = torch.Generator().manual_seed(0)
    given = EdgeScores(
        torch.rand(4, 4, length, length, generator=generator) + 0.01,
        torch.rand(4, length, generator=generator),
    )
    sets = [strongest(given, torch.tensor([0.0, 9.0])), strongest(given, torch.tensor([9.0]))]
    reference, (first, second) = run_together(
        small_world, trace, target, sets, baseline_of(small_world, "mean"), "recomputed"
    )
    assert len(first) == 2
    assert len(second) == 1
    assert abs(first[0].retained - 1) < 1e-4
    assert abs(first[1].retained) < 1e-4
    assert first[1] == second[0]
    assert reference.whole_metric > reference.empty_metric


def test_several_prompts_have_the_outcomes_of_each_alone(small_world, ask):
    asked = [
        ask("The capital of Japan is the city of", " Tokyo", " Paris"),
        ask("The capital of France is the city of", " Paris", " Tokyo"),
    ]
    traces, targets = zip(*asked, strict=True)
    mean = baseline_of(small_world, "mean")
    sets = []
    for seed, trace in enumerate(traces):
        generator = torch.Generator().manual_seed(seed)
        length = len(trace.prompt)
        given = EdgeScores(
            torch.rand(4, 4, length, length, generator=generator), torch.rand(4, length, generator=generator)
        )
        sets.append([strongest(given, torch.tensor([0.3, 0.5])), strongest(given, torch.tensor([0.1]))])
    together = run_prompts_together(small_world, traces, targets, sets, mean)
    for trace, target, own, (reference, outcomes) in zip(traces, targets, sets, together, strict=True):
        alone, expected = run_together(small_world, trace, target, own, mean, "recomputed")
        assert reference.empty_metric == pytest.approx(alone.empty_metric, abs=1e-4)
        assert [len(outcome) for outcome in outcomes] == [2, 1]
        for one, other in zip(chain(*outcomes), chain(*expected), strict=True):
            assert one.retained == pytest.approx(other.retained, abs=1e-4)
