"""The overview: each cell as its part would be weighed alone, and all of them the logit."""

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.anatomy import model_overview as module
from llm_tt.anatomy.model_overview import model_overview
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.intervention.run import run_with_edits
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.target_direction import target_direction
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part
from tests.families.registry import FAMILIES
from tests.families.test_edited_families import edits_for

TEXT = "Some words."
SOME = ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "OLMo 2", "Mixtral", "Falcon-7B", "Granite"]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def check_sum(model, trace, target, tolerance):
    """Everything adds up to the logit (or difference) before any cap; each layer to what it changes."""
    found, at = model_overview(model, trace, target, n_read=0), target.position
    before_cap = model.read_part(trace.stream[-1, at], float(trace.final_norm_scale[at]))
    size = abs(found.contributions).sum() + abs(found.embedding) + abs(found.constant)
    expected = float(target.measure(before_cap))
    assert found.whole - found.constant == pytest.approx(expected, abs=tolerance * size)
    if torch.equal(model.cap_logits(trace.logits[at]), trace.logits[at]):
        own = float(target.measure(trace.logits[at]))
        assert found.whole == pytest.approx(own, abs=tolerance * size)
    direction = target_direction(model, trace, target)
    for layer in range(trace.n_layers):
        attention, mlp = (float(out[layer, at] @ direction) for out in (trace.attention_out, trace.mlp_out))
        assert found.contributions[layer, :-1].sum() == pytest.approx(attention, abs=tolerance * size)
        assert found.contributions[layer, -1] == pytest.approx(mlp, abs=tolerance * size)


@every_family
@pytest.mark.parametrize("contrast", [None, 250])
def test_everything_adds_up_to_the_logit(family, contrast, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, TEXT)
    check_sum(model, trace, resolve_target(model, trace, position=5, token=7, contrast=contrast), 3e-6)


@every_family
def test_in_an_edited_run_as_well(family, open_family):
    model = open_family(family.name)
    for edits in edits_for(family).values():
        trace = run_with_edits(model, TEXT, edits)
        check_sum(model, trace, resolve_target(model, trace, position=5, token=7, contrast=9), 3e-6)


@pytest.mark.parametrize("family", SOME)
def test_in_double_precision_exactly(family, open_double):
    model = open_double(family)
    listed = next(known for known in FAMILIES if known.name == family)
    traces = [llm_tt.capture(model, TEXT), run_with_edits(model, TEXT, edits_for(listed)["all"])]
    for trace in traces:
        for contrast in (None, 9):
            check_sum(model, trace, resolve_target(model, trace, token=7, contrast=contrast), 1e-12)


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("numbers_at_once", [1 << 23, 1])
def test_each_cell_as_its_part_alone(family, numbers_at_once, open_family, monkeypatch):
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", numbers_at_once)
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=6, token=7)
    found, direction = (
        model_overview(model, trace, target, n_read=1000),
        target_direction(model, trace, target),
    )
    assert found.columns == ("H0", "H1", "H2", "H3", "bias", "MLP") and found.n_heads == 4
    size = abs(found.contributions).max()
    for layer in range(found.n_layers):
        weights = model.layer_weights(layer)
        for column, name in enumerate(found.columns):
            part, cell = found.part(layer, column), (layer, column)
            if name == "bias":
                assert part == Part("state", layer, 6, stage="post")
                vector = weights.attention_bias * trace.attention_scale[layer, 6]
            else:
                assert part.kind == ("mlp" if name == "MLP" else "head")
                vector = written_by(model, trace, part)
            assert found.contributions[cell] == pytest.approx(float(vector @ direction), abs=2e-6 * size)
            assert found.norms[cell] == pytest.approx(float(vector.norm()), rel=1e-4, abs=1e-6)
            if cell not in found.tokens:
                assert found.contributions[cell] == 0
                continue
            tokens = promoted_tokens(model, trace, vector, 6, top=3)
            changes = model.read_part(vector, float(trace.final_norm_scale[6]))
            if changes.abs().max() > 1e-4:  # of less, rounding decides which is first
                assert found.tokens[cell].promoted == tokens.promoted.token_strings
                assert found.tokens[cell].suppressed == tokens.suppressed.token_strings
        mlp_bias = weights.mlp_bias * trace.mlp_scale[layer, 6]
        assert found.mlp_bias[layer] == pytest.approx(float(mlp_bias @ direction), abs=2e-6 * size)
        assert found.mlp_bias_norms[layer] == pytest.approx(float(mlp_bias.norm()), rel=1e-4)


def test_the_strongest_are_read_whatever_their_sign(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    found = model_overview(tiny_model, trace, resolve_target(tiny_model, trace, token=7), n_read=5, top=2)
    sizes = np.sort(abs(found.contributions).ravel())[::-1]
    assert len(found.tokens) == 5
    assert {abs(found.contributions[cell]) for cell in found.tokens} == set(sizes[:5])
    assert any(found.contributions[cell] < 0 for cell in found.tokens)
    assert all(len(read.promoted) == len(read.suppressed) == 2 for read in found.tokens.values())


def test_what_an_edit_put_there_is_in_the_bias_and_in_no_head(tiny_model):
    """A head that is off adds nothing; its mean stands in for it, and belongs to nobody."""
    trace = run_with_edits(tiny_model, TEXT, [llm_tt.Ablate.head(1, 3)])
    plain = llm_tt.capture(tiny_model, TEXT)
    target = resolve_target(tiny_model, plain, token=7)
    edited, before = (model_overview(tiny_model, run, target) for run in (trace, plain))
    assert edited.contributions[1, 3] == 0 != before.contributions[1, 3]
    assert edited.norms[1, 4] != pytest.approx(before.norms[1, 4], rel=1e-3)


def test_what_cannot_be_read_is_said(tiny_model, without_lens):
    trace, longer = llm_tt.capture(tiny_model, TEXT), llm_tt.capture(tiny_model, TEXT * 2)
    target = resolve_target(tiny_model, longer, token=7)
    with pytest.raises(TargetError, match="position 21"):
        model_overview(tiny_model, trace, target)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        model_overview(tiny_model, longer, target)
