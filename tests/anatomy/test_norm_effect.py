"""The effect of a norm: its output is the model's own, and every number as it would be read alone."""

import math

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy import norm_effect as module
from llm_tt.anatomy.norm_effect import norm_effect, norm_of
from llm_tt.errors import AttributionError, CapabilityError, TargetError
from tests.families.registry import FAMILIES
from tests.stopping import shares_told

TEXT = "Norms, as é."
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def outputs_in_a_run(model, trace):
    """What the model's own modules in front of attention and MLP put out; a shared one serves both."""
    found, handles = {}, []
    for layer in range(trace.n_layers):
        block = model._bridge.blocks[layer]
        first, second = getattr(block, "ln1", None), getattr(block, "ln2", None)
        for name, norm in (("attention", first), ("mlp", first if second is None else second)):
            if norm is None or isinstance(norm.original_component, torch.nn.Identity):
                continue

            def keep(module, given, output, key=(layer, name)):
                found[key] = output.detach().reshape(len(trace.prompt), -1).clone()

            handles.append(norm.register_forward_hook(keep))
    with torch.no_grad():
        model.run(trace.prompt.token_ids)
    for handle in handles:
        handle.remove()
    return found


@every_family
def test_what_is_read_behind_a_norm_is_what_the_model_put_out_there(family, open_double):
    model = open_double(family.name)
    trace = llm_tt.capture(model, TEXT)
    shown = outputs_in_a_run(model, trace)
    between = trace.resid_pre if trace.resid_mid is None else trace.resid_mid
    for layer in range(trace.n_layers):
        for name, states in (("attention", trace.resid_pre[layer]), ("mlp", between[layer])):
            if (layer, name) not in shown:
                with pytest.raises(CapabilityError, match="no norm there"):
                    norm_effect(model, trace, layer, name)
                continue
            norm, _ = norm_of(model, layer, name)
            assert_close(norm.normed(states), shown[layer, name], atol=1e-12, rtol=1e-12)
            found = norm_effect(model, trace, layer, name, 4, 5)
            logits = model.read_out(torch.stack([states[4], shown[layer, name][4]])).double()
            before, after = logits.softmax(-1)
            check_numbers(found, before, after)
            entropies = -(logits.softmax(-1) * logits.log_softmax(-1)).sum(-1)
            assert [found.entropy_before, found.entropy_after] == pytest.approx(entropies.tolist(), rel=1e-8)
            distance = (before * (before / after).log()).sum()
            assert found.divergence == pytest.approx(float(distance), rel=1e-6, abs=1e-12)


def check_numbers(found, before, after, tolerance=1e-6):
    """Every row against the two whole predictions."""
    changes = after - before
    for rows, numbers in (
        (found.before, before),
        (found.after, after),
        (found.gains, changes),
        (found.losses, -changes),
    ):
        assert rows
        best = numbers.topk(len(rows)).values.tolist()
        assert [float(numbers[row.token_id]) for row in rows] == pytest.approx(best, rel=tolerance)
        for row in rows:
            assert row.before == pytest.approx(float(before[row.token_id]), rel=tolerance)
            assert row.after == pytest.approx(float(after[row.token_id]), rel=tolerance)
            assert row.change == row.after - row.before
            assert row.rank_before == 1 + int((before > before[row.token_id]).sum())
            assert row.rank_after == 1 + int((after > after[row.token_id]).sum())


def test_families_without_a_norm_in_front_are_among_these(open_family):
    """Or the test above would refuse nothing."""
    model = open_family("OLMo 2")
    trace = llm_tt.capture(model, TEXT)
    for name, half in (("attention", "attention"), ("mlp", "MLP")):
        with pytest.raises(CapabilityError, match=f"its {half} reads the state as it is"):
            norm_effect(model, trace, 0, name)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2", "Mixtral"])
@pytest.mark.parametrize("rows_at_once", [1000, 3, 1])
def test_of_a_whole_prompt_means_are_taken(family, rows_at_once, open_family, monkeypatch):
    model = open_family(family)
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 2 * rows_at_once * model.dimensions.d_vocab)
    trace, n_tokens = llm_tt.capture(model, TEXT), model.dimensions.d_vocab
    found = norm_effect(model, trace, 1, "mlp", None, 6)
    alone = [norm_effect(model, trace, 1, "mlp", at, n_tokens) for at in range(len(trace.prompt))]
    means = torch.zeros(2, n_tokens, dtype=torch.float64)
    for effect in alone:
        for row in effect.before:
            means[:, row.token_id] += torch.tensor([row.before, row.after], dtype=torch.float64) / len(alone)
    check_numbers(found, *means, 1e-5)
    for name in ("entropy_before", "entropy_after", "divergence"):
        expected = math.fsum(getattr(effect, name) for effect in alone) / len(alone)
        assert getattr(found, name) == pytest.approx(expected, rel=1e-5)
    assert found.position is None and [effect.position for effect in alone] == list(range(len(alone)))
    assert found.is_shared is (family == "GPT-J")


def test_progress_is_told(tiny_model, monkeypatch):
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 8 * tiny_model.dimensions.d_vocab)
    trace = llm_tt.capture(tiny_model, TEXT)
    told = shares_told(lambda progress: norm_effect(tiny_model, trace, 0, "mlp", progress=progress))
    assert len(told) == -(-len(trace.prompt) // 4)


def test_positions_may_be_counted_from_the_end(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    last = len(trace.prompt) - 1
    assert norm_effect(tiny_model, trace, 0, "mlp", -1) == norm_effect(tiny_model, trace, 0, "mlp", last)
    assert norm_effect(tiny_model, trace, 0, "mlp", -1).position == last


def test_what_gains_gains_and_what_loses_loses(tiny_model):
    """Also where more is asked for than there is."""
    trace = llm_tt.capture(tiny_model, TEXT)
    found = norm_effect(tiny_model, trace, 1, "attention", 3, 10**6)
    assert all(row.change > 0 for row in found.gains) and all(row.change < 0 for row in found.losses)
    n_tokens = tiny_model.dimensions.d_vocab
    assert 0 < len(found.gains) + len(found.losses) <= n_tokens == len(found.before) == len(found.after)


def test_what_is_not_there_is_refused(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(TargetError, match="layer 2"):
        norm_effect(tiny_model, trace, 2, "mlp")
    with pytest.raises(TargetError, match="position 99"):
        norm_effect(tiny_model, trace, 0, "mlp", 99)
    with pytest.raises(AttributionError, match="'final'"):
        norm_of(tiny_model, 0, "final")
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        norm_effect(tiny_model, trace, 0, "mlp")
