"""Tokens as people type them."""

import pytest
import torch

import llm_tt
from llm_tt.app.typed_token import token_meant, token_named
from llm_tt.errors import TargetError


@pytest.fixture(scope="module")
def world():
    model = llm_tt.load_model("small-world")
    return model, model.token_strings(range(model.dimensions.d_vocab))


def logits_preferring(world, token: str) -> torch.Tensor:
    logits = torch.zeros(world[0].dimensions.d_vocab)
    logits[world[1].index(token)] = 1.0
    return logits


@pytest.mark.parametrize("typed", ["Mary", "·Mary", " Mary", '" Mary"'])
def test_the_likelier_spelling_is_meant(world, typed):
    assert token_meant(world[0], logits_preferring(world, " Mary"), typed) == world[1].index(" Mary")


def test_quotes_take_a_text_as_it_is(world):
    assert token_meant(world[0], logits_preferring(world, " Mary"), '"Mary"') == world[1].index("Mary")


def test_what_is_no_single_token_is_refused(world):
    with pytest.raises(TargetError, match="not one token"):
        token_meant(world[0], logits_preferring(world, " Mary"), "Mary Mary")


def test_a_token_is_named_by_its_text_where_that_finds_it_again(world):
    model, strings = world
    assert token_named(model, strings.index(" Mary")) == " Mary"
    named = [token_named(model, token_id) for token_id in range(model.dimensions.d_vocab)]
    for token_id, name in enumerate(named):
        assert name == token_id or llm_tt_id(model, name) == token_id
    assert any(isinstance(name, int) for name in named)


def llm_tt_id(model, name: str) -> int:
    (token_id,) = model.tokenize(name).token_ids
    return token_id
