"""A layer's updates: each as it would be read alone, and all of them the whole that the layer adds."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.methods import attribute
from llm_tt.attribution.neurons import attribute_neurons
from llm_tt.attribution.part_weight import weight_of
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import AttributionError, CapabilityError, TargetError
from llm_tt.lens import layer_updates
from llm_tt.lens.layer_updates import ORDERS, check_order, updates_of
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.target_direction import target_direction
from llm_tt.lens.written import written_by
from tests.families.registry import FAMILIES

TEXT = "Some words."
SOME = ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "Mixtral"]


def check_layer(model, trace, target, tolerance, **options):
    """The sum of a layer, its biases by hand, and the sum of all layers."""
    at, direction = target.position, target_direction(model, trace, target)
    last = None
    for layer in range(trace.n_layers):
        found = updates_of(model, trace, layer, target, **options)
        rows = [row.contribution for row in found.rows]
        parts = [found.before, *rows, found.others.contribution, found.attention_bias, found.mlp_bias]
        size = sum(map(abs, parts)) + float(trace.resid_post[layer, at].norm() * direction.norm())
        assert sum(parts) == pytest.approx(found.after, abs=tolerance * size)
        weights = model.layer_weights(layer)
        by_hand = float(weights.attention_bias @ direction * trace.attention_scale[layer, at])
        assert found.attention_bias == pytest.approx(by_hand, abs=tolerance * size)
        by_hand = float(weights.mlp_bias @ direction * trace.mlp_scale[layer, at])
        if trace.mlp_activations is None:
            by_hand = 0.0  # the whole MLP is one row, its biases included
        assert found.mlp_bias == pytest.approx(by_hand, abs=tolerance * size)
        assert last is None or found.before == pytest.approx(last, abs=tolerance * size)
        last = found.after
    expected = float(target.measure(model.read_part(trace.stream[-1, at], float(trace.final_norm_scale[at]))))
    assert last == pytest.approx(expected, abs=tolerance * size)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("top", [3, 1000])
def test_everything_adds_up(family, top, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=5, token=7, contrast=250)
    check_layer(model, trace, target, 2e-6, top=top)


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("order", ORDERS)
def test_in_double_precision_exactly(family, order, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    shares = attribute(model, trace, "ifr")
    check_layer(model, trace, resolve_target(model, trace, token=7), 1e-13, order=order, shares=shares)


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("numbers_at_once", [1 << 23, 1])
def test_each_row_as_if_alone(family, numbers_at_once, open_family, monkeypatch):
    monkeypatch.setattr(layer_updates, "NUMBERS_AT_ONCE", numbers_at_once)
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target = resolve_target(model, trace, position=6, token=7)
    direction = target_direction(model, trace, target)
    found = updates_of(model, trace, 1, target, top=60, n_tokens=4)
    n_heads, kinds = model.dimensions.n_heads, {row.part.kind for row in found.rows}
    assert kinds == ({"head", "mlp"} if family == "Mixtral" else {"head", "neuron"})
    size = max(abs(row.contribution) for row in found.rows)
    for row in found.rows:
        vector = written_by(model, trace, row.part)
        assert row.contribution == pytest.approx(float(vector @ direction), abs=1e-5 * size)
        assert row.norm == pytest.approx(float(vector.norm()), rel=1e-4)
        tokens = promoted_tokens(model, trace, vector, 6, top=4)
        changes = model.read_part(vector, float(trace.final_norm_scale[6]))
        for ends, expected in ((row.promoted, tokens.promoted), (row.suppressed, tokens.suppressed)):
            assert len(ends) == 4
            if changes.abs().max() > 1e-4:  # of less, rounding decides which is first
                assert ends == expected.token_strings
        if row.part.kind == "neuron":
            assert row.coefficient == float(trace.mlp_activations[1, 6, row.part.neuron])
        else:
            assert row.coefficient is None
        assert row.share is None
    assert len(found.rows) + found.others.n == n_heads + (
        1 if family == "Mixtral" else model.dimensions.d_mlp
    )


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("order", ORDERS)
def test_the_strongest_first_and_the_others_together(family, order, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target, shares = resolve_target(model, trace, position=6, token=7), attribute(model, trace, "ifr")
    n_parts = model.dimensions.n_heads + (1 if family == "Mixtral" else model.dimensions.d_mlp)
    every = updates_of(model, trace, 1, target, order=order, shares=shares, top=n_parts)
    key = {
        "contribution": lambda row: abs(row.contribution),
        "share": lambda row: row.share,
        "norm": lambda row: row.norm,
    }[order]
    amounts = list(map(key, every.rows))
    assert amounts == sorted(amounts, reverse=True)
    assert every.others == layer_updates.OtherUpdates(0, 0.0, 0.0, 0.0)
    assert len({row.part for row in every.rows}) == n_parts
    found = updates_of(model, trace, 1, target, order=order, shares=shares, top=2)
    assert [row.part for row in found.rows] == [row.part for row in every.rows[:2]]
    left = every.rows[2:]
    assert found.others.n == len(left)
    assert found.others.contribution == pytest.approx(sum(row.contribution for row in left), abs=1e-6)
    assert found.others.share == pytest.approx(sum(row.share for row in left), abs=1e-6)
    vector = torch.stack([written_by(model, trace, row.part) for row in left]).sum(0)
    assert found.others.norm == pytest.approx(float(vector.norm()), rel=1e-4)


@pytest.mark.parametrize("family", SOME)
def test_shares_are_the_flow_graphs(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    target, shares = resolve_target(model, trace, position=6, token=7), attribute(model, trace, "ifr")
    found = updates_of(model, trace, 0, target, order="share", shares=shares, top=1000)
    neurons = None
    if family != "Mixtral":
        neurons = attribute_neurons(model, trace, shares, layer=0, position=6).neurons
    for row in found.rows:
        if row.part.kind == "neuron":
            assert row.share == pytest.approx(float(neurons[row.part.neuron]), rel=1e-5)
        else:
            assert row.share == pytest.approx(weight_of(shares, row.part), rel=1e-5)


def test_what_cannot_be_listed_is_said(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, TEXT)
    target = resolve_target(tiny_model, trace, token=7)
    with pytest.raises(AttributionError, match="orders are contribution, share, norm"):
        check_order("size", None)
    with pytest.raises(AttributionError, match="No shares were given"):
        updates_of(tiny_model, trace, 0, target, order="share")
    with pytest.raises(AttributionError, match="belong to 'dla'"):
        updates_of(tiny_model, trace, 0, target, shares=attribute(tiny_model, trace, "dla", target_token=7))
    with pytest.raises(TargetError, match="no layer 2"):
        updates_of(tiny_model, trace, 2, target)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        updates_of(tiny_model, trace, 0, target)
