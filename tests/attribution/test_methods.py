"""The door: defaults, options, and every refusal in three parts."""

from inspect import unwrap

import pytest
import torch

import llm_tt
from llm_tt.attribution.baseline import BASELINE_SHARE
from llm_tt.attribution.method_list import METHODS, WITH_TARGET
from llm_tt.attribution.methods import attribute, attribute_together
from llm_tt.attribution.target import Target
from llm_tt.errors import AttributionError, MemoryLimitError, TargetError
from llm_tt.tracing import memory
from llm_tt.tracing.forward import capture_together
from tests.attribution.conftest import TEXT
from tests.conftest import BY_NAME
from tests.families.registry import FAMILIES, build
from tests.stopping import check_stops_cleanly, shares_told

# Bad words reach `attribute` as they would reach it outside of the tests: unchecked.
unchecked = unwrap(attribute)


@pytest.fixture(scope="module")
def trace(tiny_model):
    return llm_tt.capture(tiny_model, TEXT)


def test_each_method_by_its_name(tiny_model, trace):
    found = {method: attribute(tiny_model, trace, method) for method in METHODS}
    assert {shares.method for shares in found.values()} == set(METHODS)
    assert found["ifr"].target is None
    best = int(trace.logits[-1].argmax())
    for method in WITH_TARGET:
        assert found[method].target.token_id == best
        assert found[method].target.position == len(trace.prompt) - 1
    assert not torch.allclose(found["relp"].attention, found["gradact"].attention)


def test_options_change_what_they_say(tiny_model, trace):
    mean, zero = (attribute(tiny_model, trace, "relp", baseline=name) for name in ("mean", "zero"))
    assert not torch.allclose(mean.mlp, zero.mlp)
    assert torch.equal(mean.attention_residual, zero.attention_residual)
    logit, logprob = (attribute(tiny_model, trace, "relp", metric=name) for name in ("logit", "logprob"))
    assert not torch.allclose(logit.mlp, logprob.mlp)
    one, two = (attribute(tiny_model, trace, norm=name) for name in ("l1", "l2"))
    assert not torch.allclose(one.mlp, two.mlp)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"method": "patching"}, "The methods are ifr, relp, gradact, dla"),
        ({"norm": "l3"}, "The norms are l1 and l2"),
        ({"method": "ifr", "target_token": 5}, "Choose 'relp' or 'gradact'"),
        ({"method": "ifr", "contrast_token": 5}, "Choose 'relp' or 'gradact'"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, says, tiny_model, trace):
    with pytest.raises(AttributionError, match=says):
        unchecked(tiny_model, trace, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"target_position": 99},
        {"target_position": -99},
        {"target_token": "two tokens"},
        {"target_token": 5, "contrast_token": 5},
        {"metric": "loss"},
    ],
)
def test_targets_that_do_not_exist(arguments, tiny_model, trace):
    with pytest.raises(TargetError):
        unchecked(tiny_model, trace, "relp", **arguments)


@pytest.mark.parametrize("method", METHODS)
def test_activations_that_are_no_numbers(method, tiny_model, trace):
    stream = trace.stream.clone()
    stream[1, 2, 3] = float("nan")
    broken = type(trace)(**{name: getattr(trace, name) for name in trace.__slots__} | {"stream": stream})
    with pytest.raises(AttributionError, match="not finite"):
        attribute(tiny_model, broken, method)


@pytest.mark.parametrize("method", METHODS)
def test_what_does_not_fit_is_not_begun(method, tiny_model, trace, monkeypatch):
    monkeypatch.setattr(memory, "_free_bytes", lambda _: 1000)
    with pytest.raises(MemoryLimitError, match="Attribute a prediction of 11 tokens"):
        attribute(tiny_model, trace, method)


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "OPT", "Gemma 2"])
@pytest.mark.parametrize("method", METHODS)
def test_progress_is_told_and_may_stop_an_attribution(family, method, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    expected = attribute(model, trace, method)
    run = lambda progress: attribute(model, trace, method, progress=progress)  # noqa: E731
    assert torch.equal(run(lambda _: None).attention, expected.attention)
    # Two layers: forward, backward, and products.
    assert len(shares_told(run)) == {"ifr": 1, "dla": 4}.get(method, 6)
    check_stops_cleanly(model, run)


def test_the_first_mean_is_a_part_of_the_progress(byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["GPT-2"]), byte_tokenizer)
    trace = llm_tt.capture(model, TEXT)
    run = lambda progress: attribute(model, trace, "relp", progress=progress)  # noqa: E731
    first = shares_told(run)
    assert len(first) > len(shares_told(run))
    assert 0 < first[0] < BASELINE_SHARE


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
@pytest.mark.parametrize("method", METHODS)
def test_prompts_that_go_together_have_the_contributions_of_each_alone(method, family, open_family):
    model = open_family(family)
    texts, asked = (
        ("Some words.", "Other word!"),
        [{"target_token": 7}, {"target_token": 5, "contrast_token": 9}],
    )
    traces = capture_together(model, [model.tokenize(text) for text in texts])
    targets = [
        Target(len(trace.prompt) - 1, given["target_token"], given.get("contrast_token"), "logit")
        for trace, given in zip(traces, asked, strict=True)
    ]
    together = attribute_together(model, traces, method, targets)
    for text, given, found in zip(texts, asked, together, strict=True):
        alone = attribute(model, llm_tt.capture(model, text), method, **({} if method == "ifr" else given))
        assert (found.prompt, found.method, found.target) == (alone.prompt, alone.method, alone.target)
        said = zip(found.record.predictions, alone.record.predictions, strict=True)
        assert all(one.token == other.token for one, other in said)
        for name in ("attention", "attention_residual", "attention_bias", "mlp", "mlp_residual", "mlp_bias"):
            one, other = getattr(found, name), getattr(alone, name)
            if other is None:
                assert one is None
                continue
            scale = float(other.abs().max())
            torch.testing.assert_close(one, other, atol=2e-5 * max(scale, 1e-3), rtol=1e-3, msg=name)
