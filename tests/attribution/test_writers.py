"""What enters a state, strongest first, with the rest: every sum closes."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.writers import Writers, writers_of
from llm_tt.errors import TargetError
from llm_tt.tracing.parts import Part
from tests.attribution.conftest import TEXT

FAMILIES = ["GPT-2", "GPT-J", "Llama, with biases", "OLMo 2", "Mixtral"]
AT = 6


def states(trace):
    stages = ("post",) if trace.resid_mid is None else ("mid", "post")
    return [Part("state", layer, AT, stage=stage) for layer in range(trace.n_layers) for stage in stages]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", ["ifr", "relp", "dla"])
@pytest.mark.parametrize("top", [1, 4, 10**6])
def test_every_sum_closes(family, method, top, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = llm_tt.attribute(model, trace, method)
    for part in states(trace):
        found = writers_of(shares, part, top=top)
        whole = 1.0
        if shares.gradients is not None:
            mid = part.stage == "mid"
            stream = trace.resid_mid if mid else trace.resid_post
            gradient = shares.gradients.mid if mid else shares.gradients.post
            whole = float(stream[part.layer, AT] @ gradient[part.layer, AT])
        size = sum(map(abs, found.weights)) + abs(found.others) + abs(found.bias)
        total = sum(found.weights) + found.others + found.bias
        assert total == pytest.approx(whole, abs=1e-5 * size)
        assert len(found.parts) == len(found.weights) == min(top, len(found.parts) + found.n_others)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J"])
def test_each_weight_is_that_parts_own(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    shares = llm_tt.attribute(model, trace, "relp")
    parallel = shares.has_parallel_blocks
    for part in states(trace):
        found = writers_of(shares, part, top=10**6)
        assert list(map(abs, found.weights)) == sorted(map(abs, found.weights), reverse=True)
        n_messages = model.dimensions.n_heads * (AT + 1) * (parallel or part.stage == "mid")
        assert len(set(found.parts)) == n_messages + 1 + (part.stage == "post")
        for writer, weight in zip(found.parts, found.weights, strict=True):
            match writer.kind:
                case "message":
                    expected = shares.attention[part.layer, writer.head, AT, writer.key]
                case "mlp":
                    expected = shares.mlp[part.layer, AT]
                case "residual":
                    from_mid = part.stage == "post" and not parallel
                    residual = shares.mlp_residual if from_mid else shares.attention_residual
                    expected = residual[part.layer, AT]
                    assert writer.stage == part.stage
            assert weight == float(expected)


def test_by_hand(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    shares = llm_tt.attribute(tiny_model, trace)
    shares.attention[1, :, 2] = 0
    shares.attention[1, 3, 2, 1], shares.attention[1, 0, 2, 2] = 0.5, -0.25
    shares.attention_residual[1, 2], shares.attention_bias[1, 2] = 0.125, 0.0625
    found = writers_of(shares, Part.named("L1.mid@2"), top=2)
    assert tuple(map(str, found.parts)) == ("L1H3@1-2", "L1H0@2-2")
    assert found == Writers(found.parts, (0.5, -0.25), 11, 0.125, 0.0625)


def test_nothing_enters_an_embedding(tiny_model):
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, TEXT))
    assert writers_of(shares, Part.named("embed@2")) == Writers((), (), 0, 0.0, 0.0)


def test_what_is_no_sum_is_said(tiny_model, open_family):
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, TEXT))
    for name in ("L0.mlp@2", "L0N0@2", "L0H1@2"):
        with pytest.raises(TargetError, match="only states are sums"):
            writers_of(shares, Part.named(name))
    with pytest.raises(TargetError, match="no layer 2"):
        writers_of(shares, Part.named("L2.post@2"))
    with pytest.raises(TargetError, match="no position 11"):
        writers_of(shares, Part.named("embed@11"))
    model = open_family("GPT-J")
    shares = llm_tt.attribute(model, llm_tt.capture(model, TEXT))
    with pytest.raises(TargetError, match="no state between"):
        writers_of(shares, Part.named("L0.mid@2"))


def test_half_of_nothing_is_nothing(tiny_model):
    """The first position has only itself to read from."""
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, TEXT))
    found = writers_of(shares, Part.named("L0.mid@0"), top=100)
    assert len(found.parts) == tiny_model.dimensions.n_heads + 1
    assert torch.tensor(found.weights).sum() + found.bias == pytest.approx(1, abs=1e-5)
