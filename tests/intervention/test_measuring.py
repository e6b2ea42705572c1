"""Measured effects are those of whole traces; cuts of single edges are what masked runs find."""

import math

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.target import Target
from llm_tt.errors import InterventionError, TargetError
from llm_tt.faithfulness.single_edges import single_edge_effects
from llm_tt.intervention.edits import Ablate, Scale
from llm_tt.intervention.measuring import cut, effect_between, measured_effect
from llm_tt.intervention.run import run_with_edits
from llm_tt.tracing.parts import Part
from tests.conftest import BY_NAME
from tests.families.registry import build
from tests.intervention.kinds_of_edits import EVERY_KIND
from tests.stopping import check_stops_cleanly, shares_told

TEXT = "Some words."
TARGET = Target(8, token_id=7, contrast_id=9, metric="logit")


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2"])
def test_an_effect_is_the_difference_of_two_traces(family, open_family):
    model = open_family(family)
    edits = list(EVERY_KIND.values())
    before, after = llm_tt.capture(model, TEXT), run_with_edits(model, TEXT, edits)
    found = measured_effect(model, before, TARGET, edits)
    assert found.before == pytest.approx(float(TARGET.measure(before.logits[8])), abs=1e-6)
    assert found.after == pytest.approx(float(TARGET.measure(after.logits[8])), abs=1e-4)
    assert found.change == found.after - found.before
    probabilities = [trace.logits[8].softmax(-1) for trace in (before, after)]
    assert found.probability_before == pytest.approx(float(probabilities[0][7]), abs=1e-6)
    assert found.probability_after == pytest.approx(float(probabilities[1][7]), abs=1e-5)
    kl = float((probabilities[0] * (probabilities[0].log() - probabilities[1].log())).sum())
    assert found.kl == pytest.approx(kl, abs=1e-4)
    assert kl > 0.01
    assert found.same_top_token == (int(before.logits[8].argmax()) == int(after.logits[8].argmax()))


@pytest.mark.parametrize("family", ["GPT-2", "OPT", "Llama"])
def test_one_edge_cut_is_what_a_masked_run_finds(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, "Words")
    target = Target(4, token_id=7, contrast_id=9, metric="logit")
    truth = single_edge_effects(model, trace, target)
    for part in ("L0H1@1-3", "L1H2@0-4", "L0.mlp@2", "L1.mlp@4", "L1H0@3-3"):
        part = Part.named(part)
        expected = truth.mlp if part.kind == "mlp" else truth.attention[:, part.head, :, part.key]
        change = measured_effect(model, trace, target, cut(part)).change
        assert change == pytest.approx(-float(expected[part.layer, part.position]), abs=2e-5), part


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J"])
def test_of_an_edited_trace_it_comes_on_top(family, open_family):
    model = open_family(family)
    first, second = (
        [Ablate.edge(0, 2), Ablate.head(1, 1, strength=0.5)],
        [Ablate.edge(0, 2), Scale.head(1, 1, 4.0)],
    )
    edited = run_with_edits(model, TEXT, first)
    found = measured_effect(model, edited, TARGET, second)
    both = run_with_edits(model, TEXT, [*first, *second])
    assert found.before == pytest.approx(float(TARGET.measure(edited.logits[8])), abs=1e-6)
    assert found.after == pytest.approx(float(TARGET.measure(both.logits[8])), abs=1e-5)
    again = measured_effect(model, edited, TARGET, [Ablate.edge(0, 2)])
    assert again.change == pytest.approx(0, abs=1e-5), "what is off already cannot be taken away again"


def test_nothing_has_no_effect(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    found = measured_effect(tiny_model, trace, TARGET, [Ablate.mlp(0, positions=(9,))])
    assert found.change == pytest.approx(0, abs=1e-6), "later positions have no say"
    assert found.kl == pytest.approx(0, abs=1e-6)
    assert found.same_top_token


def test_two_predictions_by_hand():
    before, after = torch.tensor([0.75, 0.25]).log(), torch.tensor([0.25, 0.75]).log()
    found = effect_between(Target(0, token_id=0, contrast_id=None, metric="logprob"), before, after)
    assert found.change == pytest.approx(math.log(1 / 3))
    assert (found.probability_before, found.probability_after) == pytest.approx((0.75, 0.25))
    assert found.kl == pytest.approx(0.5 * math.log(3))
    assert not found.same_top_token


def test_parts_off_one_at_a_time(tiny_model):
    """By hand: the neuron's activation is replaced by its mean at that one position."""
    (edit,) = cut(Part.named("L1N5@4"))
    trace = run_with_edits(tiny_model, TEXT, [edit])
    plain = llm_tt.capture(tiny_model, TEXT)
    expected = plain.mlp_activations[1].clone()
    expected[4, 5] = baseline_of(tiny_model, "mean").activations[1, 5]
    assert_close(trace.mlp_activations[1], expected)
    assert cut(Part.named("L1N5@4"), "zero")[0].baseline == "zero"


def test_what_cannot_be_cut_is_said(tiny_model):
    with pytest.raises(InterventionError, match=r"Switch off L1\.post@4"):
        cut(Part.named("L1.post@4"))
    with pytest.raises(TargetError, match="no position 11"):
        measured_effect(
            tiny_model, llm_tt.capture(tiny_model, TEXT), TARGET, [Ablate.mlp(0, positions=(11,))]
        )


def test_progress_and_stopping(byte_tokenizer):
    fresh = llm_tt.load_model(build(BY_NAME["GPT-J"]), byte_tokenizer)
    edits = [Ablate.edge(0, 1), Ablate.mlp(1)]
    trace = llm_tt.capture(fresh, TEXT)
    run = lambda progress: measured_effect(fresh, trace, TARGET, edits, progress)  # noqa: E731
    assert len(shares_told(run)) > 4, "first it has to be found what is usual"
    assert shares_told(run) == pytest.approx([0.25, 0.5, 0.75, 1])  # two runs of two layers
    check_stops_cleanly(fresh, run)
