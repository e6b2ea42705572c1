"""What parts write adds up: heads to attention, neurons to the MLP, everything to the next state."""

import pytest
import torch

import llm_tt
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.written import check_part, written_by
from llm_tt.tracing.parts import Part
from tests.families.registry import FAMILIES

TEXT = "Some words."
AT = 6


def relative(found, expected):
    return float((found - expected).abs().max() / expected.abs().max())


def check_all(model, trace, tolerance):
    sizes = model.dimensions
    write = lambda part: written_by(model, trace, part)  # noqa: E731
    for layer in range(trace.n_layers):
        weights = model.layer_weights(layer)
        bias = weights.attention_bias * trace.attention_scale[layer, AT]
        heads = [write(Part("head", layer, AT, head=head)) for head in range(sizes.n_heads)]
        edges = [write(Part("messages", layer, AT, key=key)) for key in range(AT + 1)]
        attention = trace.attention_out[layer, AT]
        assert relative(sum(heads) + bias, attention) < tolerance
        assert relative(sum(edges) + bias, attention) < tolerance
        messages = [write(Part("message", layer, AT, key=key, head=1)) for key in range(AT + 1)]
        assert relative(sum(messages), heads[1]) < tolerance
        after = write(Part("state", layer, AT, stage="post"))
        carried = write(Part("residual", layer, AT, stage="post"))
        mlp = write(Part("mlp", layer, AT))
        if trace.resid_mid is None:
            assert relative(carried + attention + mlp, after) < tolerance
        else:
            assert relative(carried + mlp, after) < tolerance
            before = write(Part("residual", layer, AT, stage="mid"))
            assert relative(before + attention, write(Part("state", layer, AT, stage="mid"))) < tolerance
        if trace.mlp_activations is not None:
            neurons = [write(Part("neuron", layer, AT, neuron=neuron)) for neuron in range(sizes.d_mlp)]
            mlp_bias = weights.mlp_bias * trace.mlp_scale[layer, AT]
            assert relative(sum(neurons) + mlp_bias, mlp) < tolerance


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_parts_add_up(family, open_family):
    model = open_family(family.name)
    check_all(model, llm_tt.capture(model, TEXT), 1e-5)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_in_double_precision_exactly(family, open_double):
    model = open_double(family.name)
    check_all(model, llm_tt.capture(model, TEXT), 1e-12)


def test_the_embedding_is_what_enters_the_first_layer(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    embedding = written_by(tiny_model, trace, Part.named("embed@3"))
    assert torch.equal(embedding, trace.resid_pre[0, 3])
    assert torch.equal(embedding, written_by(tiny_model, trace, Part.named("L0.mid.residual@3")))


def test_what_is_not_there_is_said(tiny_model, open_family):
    trace = llm_tt.capture(tiny_model, TEXT)
    for name in ("L2.post@0", f"embed@{len(TEXT)}", "L0H4@1", "L0N128@1", "L0H0@5-4"):
        with pytest.raises(TargetError):
            written_by(tiny_model, trace, Part.named(name))
    check_part(trace, Part.named("L0N127@1"))
    with pytest.raises(TargetError, match="no state between"):
        check_part(llm_tt.capture(open_family("GPT-J"), TEXT), Part.named("L0.mid@1"))
    with pytest.raises(CapabilityError, match="not available"):
        check_part(llm_tt.capture(open_family("Mixtral"), TEXT), Part.named("L0N0@1"))


@pytest.mark.parametrize("family", ["GPT-2", "Gemma 2", "GPT-J"])
def test_in_an_edited_run_heads_bring_what_came_through(family, open_family):
    model = open_family(family)
    edits = [
        llm_tt.Ablate.head(0, 3, baseline="zero"),
        llm_tt.Scale.head(0, 2, -2.0),
        llm_tt.Scale.edge(0, 3, 0.5),
        llm_tt.Scale.mlp(0, 0.5),
    ]
    trace = llm_tt.run_with_edits(model, TEXT, edits)
    assert trace.changes.attention_outside == trace.changes.mlp_outside == {}
    check_all(model, trace, 1e-5)  # nothing came from outside, so all that is written is of some part
    assert not written_by(model, trace, Part("head", 0, AT, head=3)).any()
