"""Two runs side by side, against the plain model with its weights changed by hand."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens import run_comparison
from llm_tt.lens.position_overview import overview_of
from llm_tt.lens.run_comparison import compare_runs
from tests.conftest import BY_NAME
from tests.families.registry import build

TEXT = "Some words."
WEIGHTS = {
    ("GPT-2", "L0.mid"): "transformer.h.0.attn.c_proj.weight",
    ("GPT-2", "L1.post"): "transformer.h.1.mlp.c_proj.weight",
    ("GPT-J", "L0.post"): "transformer.h.0.attn.out_proj.weight",
    ("Gemma 2", "L1.mid"): "model.layers.1.self_attn.o_proj.weight",
}
"""Which weight to change, so that this state is the first one touched."""


@pytest.fixture
def two_runs(byte_tokenizer):
    """A model, its trace, and the trace with one weight turned around."""

    def run(family, name):
        plain = build(BY_NAME[family])
        weights = dict(plain.named_parameters())  # the bridge renames them
        model = llm_tt.load_model(plain, byte_tokenizer)
        base = llm_tt.capture(model, TEXT)
        with torch.no_grad():
            weights[name].mul_(-3)
        return model, base, llm_tt.capture(model, TEXT)

    return run


@pytest.mark.parametrize(("family", "first"), WEIGHTS)
@pytest.mark.parametrize("numbers_at_once", [1 << 23, 1])
def test_what_changed_and_where_it_began(family, first, numbers_at_once, two_runs, monkeypatch):
    monkeypatch.setattr(run_comparison, "NUMBERS_AT_ONCE", numbers_at_once)
    model, base, edited = two_runs(family, WEIGHTS[family, first])
    target = resolve_target(model, base, position=6, token=17, contrast=9)
    found = compare_runs(model, base, edited, target, top=4)
    assert str(found.first_touched) == f"{first}@6"
    before, after = (trace.logits[6].double().softmax(-1) for trace in (base, edited))
    assert found.kl == pytest.approx(float((before * (before / after).log()).sum()), rel=1e-3, abs=1e-7)
    assert found.kl > 1e-6
    assert (found.probability_before, found.probability_after) == pytest.approx(
        (float(before[17]), float(after[17])), rel=1e-4
    )
    assert (found.logit_before, found.logit_after) == (float(base.logits[6, 17]), float(edited.logits[6, 17]))
    assert (found.metric_before, found.metric_after) == (
        float(base.logits[6, 17] - base.logits[6, 9]),
        float(edited.logits[6, 17] - edited.logits[6, 9]),
    )
    for rank, of in ((found.rank_before, before), (found.rank_after, after)):
        assert rank == 1 + int((of > of[17]).sum())
    assert found.is_flipped is (int(before.argmax()) != int(after.argmax()))


@pytest.mark.parametrize(("family", "first"), WEIGHTS)
def test_every_state_as_each_run_has_it(family, first, two_runs):
    model, base, edited = two_runs(family, WEIGHTS[family, first])
    target = resolve_target(model, base, position=6, token=17)
    found = compare_runs(model, base, edited, target)
    before, after = (overview_of(model, trace, target).states for trace in (base, edited))
    touched = False
    for state, one, other in zip(found.states, before, after, strict=True):
        touched |= state.part == found.first_touched
        assert state.part == one.part == other.part
        assert (state.token_before, state.token_after) == (one.token, other.token)
        assert state.parts_ways is (one.token_id != other.token_id)
        assert (state.probability_before, state.probability_after) == pytest.approx(
            (one.probability, other.probability), rel=1e-5
        )
        assert (state.target_rank_before, state.target_rank_after) == (one.target_rank, other.target_rank)
        assert (state.target_probability_before, state.target_probability_after) == pytest.approx(
            (one.target_probability, other.target_probability), rel=1e-5
        )
        assert (state.distance > 1e-3) is touched
        assert (state.kl > 0) is touched
    assert found.states[-1].kl == pytest.approx(found.kl, rel=1e-5)
    parting = [state.part for state in found.states if state.parts_ways]
    assert found.first_parting == (parting[0] if parting else None)
    last = edited.stream[-1, 6] - base.stream[-1, 6]
    assert found.states[-1].distance == pytest.approx(
        float(last.norm() / base.stream[-1, 6].norm()), rel=1e-5
    )


def test_the_tokens_are_both_tops_the_largest_first(two_runs):
    model, base, edited = two_runs("GPT-2", WEIGHTS["GPT-2", "L1.post"])
    found = compare_runs(model, base, edited, resolve_target(model, base), top=6)
    before, after = (trace.logits[-1].softmax(-1) for trace in (base, edited))
    tops = {*before.topk(6).indices.tolist(), *after.topk(6).indices.tolist()}
    assert 6 < len(tops) == len(found.tokens)
    assert {change.token_id for change in found.tokens} == tops
    largest = [max(change.before, change.after) for change in found.tokens]
    assert largest == sorted(largest, reverse=True)
    for change in found.tokens:
        assert (change.string,) == model.token_strings([change.token_id])
        assert change.before == pytest.approx(float(before[change.token_id]), rel=1e-5)
        assert change.after == pytest.approx(float(after[change.token_id]), rel=1e-5)


def test_where_nothing_changed_there_is_nothing_to_mark(tiny_model):
    trace, again = llm_tt.capture(tiny_model, TEXT), llm_tt.capture(tiny_model, TEXT)
    found = compare_runs(tiny_model, trace, again, resolve_target(tiny_model, trace))
    assert found.first_touched is None
    assert found.first_parting is None
    assert found.kl == 0
    assert not found.is_flipped
    assert {state.kl for state in found.states} == {state.distance for state in found.states} == {0}


def test_what_cannot_be_compared_is_said(tiny_model, without_lens):
    trace, other = llm_tt.capture(tiny_model, TEXT), llm_tt.capture(tiny_model, "Other text.")
    target = resolve_target(tiny_model, trace, token=7)
    with pytest.raises(TargetError, match="same prompt"):
        compare_runs(tiny_model, trace, other, target)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        compare_runs(tiny_model, trace, trace, target)
