"""A target from what a person says, and the number that it is."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.target import Target, resolve_position, resolve_target, token_id_of
from llm_tt.errors import TargetError
from tests.attribution.conftest import TEXT


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("small-world")


@pytest.fixture(scope="module")
def trace(model):
    return llm_tt.capture(model, "The capital of Japan is the city of")


def test_what_is_measured():
    logits = torch.tensor([[1.0, 3.0, 0.0], [2.0, 2.0, 2.0]])
    measured = lambda contrast, metric: Target(0, 1, contrast, metric).measure(logits).tolist()  # noqa: E731
    assert measured(None, "logit") == [3.0, 2.0]
    assert measured(0, "logit") == [2.0, 0.0]
    assert measured(0, "logprob") == [2.0, 0.0]
    assert measured(None, "logprob") == pytest.approx(logits.log_softmax(-1)[:, 1].tolist())


def test_without_a_token_it_is_the_prediction(model, trace):
    target = resolve_target(model, trace)
    assert model.token_strings([target.token_id]) == (" Tokyo",)
    assert target == Target(len(trace.prompt) - 1, target.token_id, None, "logit")


def test_tokens_as_text_and_as_ids(model, trace):
    target = resolve_target(model, trace, token=" Tokyo", contrast=" Paris")
    assert model.token_strings([target.token_id, target.contrast_id]) == (" Tokyo", " Paris")
    assert resolve_target(model, trace, token=target.token_id, contrast=target.contrast_id) == target


def test_tokens_that_a_tokenizer_adds_are_not_meant(model, trace):
    assert token_id_of(model, " Tokyo") == model.tokenize("Tokyo Tokyo").token_ids[-1]


def test_positions_count_from_both_ends(trace):
    length = len(trace.prompt)
    assert [resolve_position(trace, place) for place in (0, -1, -length)] == [0, length - 1, 0]
    for place in (length, -length - 1):
        with pytest.raises(TargetError, match=f"has {length} tokens"):
            resolve_position(trace, place)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"token": "Tokyo tower"}, "tokens .*, not one token"),
        ({"token": ""}, "no token"),
        ({"token": " Tokyo", "contrast": " Tokyo"}, "the same token"),
        ({"token": 10**6}, "knows the tokens 0 to"),
        ({"token": -1}, "knows the tokens 0 to"),
    ],
)
def test_what_is_no_target_is_said(arguments, says, model, trace):
    with pytest.raises(TargetError, match=says):
        resolve_target(model, trace, **arguments)


def test_a_missing_space_is_guessed(model):
    with pytest.raises(TargetError, match="Did you mean ' kitchen'"):
        token_id_of(model, "kitchen")


def test_text_around_it_is_data(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(TargetError) as caught:
        resolve_target(tiny_model, trace, token="<b>")
    assert "'<', 'b', '>'" in str(caught.value)
