"""Masked runs in every family: all edges give the model, none gives the baseline, one cut is one cut."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.baseline import Baseline, baseline_of
from llm_tt.errors import AttributionError
from llm_tt.faithfulness import masked_run
from llm_tt.faithfulness.keep import EdgeScores, stacked, strongest
from llm_tt.faithfulness.masked_run import masked_logits, masked_rows
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.tracing.forward import capture_together
from tests.families.registry import FAMILIES
from tests.stopping import check_stops_cleanly, shares_told

every_family = pytest.mark.parametrize("family", [family.name for family in FAMILIES])
BEHIND_A_NORM = {"Gemma 2", "Gemma 3", "GLM-4", "OLMo 2"}
TEXT = "Hello world"
LAST = len(TEXT) - 1


def scores(trace, seed=0):
    generator = torch.Generator().manual_seed(seed)
    length = len(trace.prompt)
    shape = trace.n_layers, len(trace.patterns[0]), length, length
    return EdgeScores(
        torch.rand(shape, generator=generator) + 0.01,
        torch.rand(trace.n_layers, length, generator=generator) + 0.01,
    )


@every_family
def test_with_every_edge_it_is_the_model_and_with_none_the_baseline(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    zero = baseline_of(model, "zero")
    whole, empty = masked_logits(model, trace, LAST, strongest(scores(trace), torch.tensor([0.0, 9.0])), zero)
    assert_close(whole, trace.logits[-1], atol=1e-5, rtol=1e-4)
    state = trace.stream[0, -1]
    if family not in BEHIND_A_NORM:  # those have no bias, and their norm makes nothing of nothing
        state = state + sum(model.layer_weights(layer).attention_bias for layer in range(trace.n_layers))
    assert_close(empty, model.read_out(state), atol=1e-5, rtol=1e-4)


@every_family
def test_one_message_less_is_what_taking_it_out_by_hand_gives(family, open_family):
    """By hand: subtract the change from the mixed values of one head at one position."""
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    usual = baseline_of(model, "mean")
    layer, query, n_heads = 0, LAST, len(trace.patterns[0])
    changes = trace.patterns[layer][:, query, :, None] * (
        trace.layer_values(layer).transpose(0, 1) - usual.values[layer][:, None]
    )
    head, key = divmod(int(changes.norm(dim=-1).argmax()), len(TEXT))
    kept = EdgeScores(torch.ones(2, n_heads, len(TEXT), len(TEXT)), torch.ones(2, len(TEXT)))
    kept.attention[layer, head, query, key] = 0

    def subtract(mixed):
        mixed = mixed.clone()
        mixed.view(1, len(TEXT), n_heads, -1)[0, query, head] -= changes[head, key]
        return mixed

    with torch.no_grad():
        expected = model.run(trace.prompt.token_ids, [Hook(Site.HEAD_MIX, layer, subtract)])[-1]
    (found,) = masked_logits(model, trace, LAST, strongest(kept, torch.ones(1)), usual)
    assert_close(found, expected, atol=2e-5, rtol=1e-4)
    assert (found - trace.logits[-1]).abs().max() > 1e-4


@every_family
def test_a_copy_alone_is_the_same_as_among_others(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    usual, given = baseline_of(model, "mean"), scores(trace)
    together = masked_logits(model, trace, LAST, strongest(given, torch.tensor([0.2, 0.5, 0.8])), usual)
    alone = masked_logits(model, trace, LAST, strongest(given, torch.tensor([0.5])), usual)
    assert_close(together[1], alone[0], atol=1e-5, rtol=1e-4)
    assert (together[0] - together[1]).abs().max() > 1e-3


def test_memory_is_kept_in_bounds_by_running_in_turns(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, TEXT)
    usual, given = baseline_of(tiny_model, "mean"), scores(trace)
    thresholds = torch.linspace(0, 1, 7)
    together = masked_logits(tiny_model, trace, LAST, strongest(given, thresholds), usual)
    monkeypatch.setattr(masked_run, "MEMORY_LIMIT", 1)
    assert masked_run._copies_at_once(tiny_model, LAST + 1) == 1
    in_turns = masked_logits(tiny_model, trace, LAST, strongest(given, thresholds), usual)
    assert_close(in_turns, together, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("family", "turns"), [("GPT-2", 1), ("GPT-J", 3), ("OPT", 3), ("Gemma 2", 1)])
@pytest.mark.parametrize("together", [True, False])
def test_progress_is_told_by_layers_and_may_stop_the_runs(family, turns, together, open_family, monkeypatch):
    """Where patterns come too late, each of the two layers takes a turn of its own, and then all together."""
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    usual, keep = baseline_of(model, "mean"), strongest(scores(trace), torch.tensor([0.3, 0.6]))
    if not together:
        monkeypatch.setattr(masked_run, "MEMORY_LIMIT", 1)
    run = lambda progress: masked_logits(model, trace, LAST, keep, usual, progress=progress)  # noqa: E731
    steps = 2 * turns * (1 if together else 2)
    assert shares_told(run) == pytest.approx([(step + 1) / steps for step in range(steps)])
    check_stops_cleanly(model, run)


def test_later_tokens_do_not_matter(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    short = llm_tt.capture(tiny_model, TEXT[:6])
    usual, given = baseline_of(tiny_model, "mean"), scores(trace)
    cut = EdgeScores(given.attention[:, :, :6, :6], given.mlp[:, :6])
    half = torch.tensor([0.5])
    assert_close(
        masked_logits(tiny_model, trace, 5, strongest(given, half), usual),
        masked_logits(tiny_model, short, 5, strongest(cut, half), usual),
        atol=1e-5,
        rtol=1e-4,
    )


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J"])
def test_frozen_attention_is_that_of_the_whole_run(family, open_family):
    """Where every value is the same, patterns do not matter; where they differ, they do."""
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    zero = baseline_of(model, "zero")
    values = torch.full_like(baseline_of(model, "mean").values, 0.3)
    constant = Baseline("own", values, zero.mlp_out, None)
    nothing = strongest(scores(trace), torch.tensor([9.0]))
    results = [masked_logits(model, trace, LAST, nothing, constant, way) for way in ("frozen", "recomputed")]
    assert_close(*results, atol=1e-5, rtol=1e-4)
    half = strongest(scores(trace), torch.tensor([0.5]))
    frozen, anew = (masked_logits(model, trace, LAST, half, zero, way) for way in ("frozen", "recomputed"))
    assert (frozen - anew).abs().max() > 1e-3


def test_an_edited_run_is_not_cut_on_top(tiny_model):
    trace = llm_tt.run_with_edits(tiny_model, TEXT, [llm_tt.Ablate.mlp(0)])
    with pytest.raises(AttributionError, match="Measure the unedited run"):
        masked_logits(
            tiny_model,
            trace,
            LAST,
            strongest(scores(trace), torch.tensor([9.0])),
            baseline_of(tiny_model, "zero"),
        )


def test_no_hook_stays(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    masked_logits(
        tiny_model,
        trace,
        LAST,
        strongest(scores(trace), torch.tensor([9.0])),
        baseline_of(tiny_model, "zero"),
    )
    assert torch.equal(llm_tt.capture(tiny_model, TEXT).logits, trace.logits)


@every_family
def test_prompts_that_go_together_are_masked_as_each_alone(family, open_family):
    model = open_family(family)
    texts = ("Hello world", "other words")
    traces = capture_together(model, [model.tokenize(text) for text in texts])
    mean = baseline_of(model, "mean")
    keeps = [strongest(scores(trace, seed), torch.tensor([0.3, 0.6])) for seed, trace in enumerate(traces)]
    rows = [trace for trace in traces for _ in range(2)]
    together = masked_rows(model, rows, LAST, stacked(keeps), mean).split(2)
    for trace, keep, found in zip(traces, keeps, together, strict=True):
        assert_close(found, masked_logits(model, trace, LAST, keep, mean), atol=1e-5, rtol=1e-4)
