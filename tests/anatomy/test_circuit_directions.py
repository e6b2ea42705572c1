"""Queries and keys as directions of the stream meet states exactly as they meet each other in a head."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.circuit_directions import (
    NORMED,
    ROTARY,
    UNREADABLE,
    directions_looked_for,
    directions_looked_for_by,
    notes_on,
)
from llm_tt.concepts.head_tokens import looked_for as looked_for_from_token
from llm_tt.concepts.head_tokens import looked_for_by as looked_for_by_token
from llm_tt.lens.token_products import token_divisors, token_products
from tests.families.registry import FAMILIES

TEXT = "Queries, as é."
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
ALL = torch.arange(4)


def norm_divisor(inputs, norm, states, weight, bias):
    """What a norm of queries or keys divides by [pos head]; 1 without one."""
    if norm is None:
        return torch.ones(len(states), len(weight), dtype=states.dtype)
    raw = torch.einsum("pd,hdk->phk", states, weight) / inputs.divisor(states)[..., None] + bias
    square = raw.square().mean((-2, -1) if norm.over_all_heads else -1, keepdim=True)
    return (square + norm.epsilon).sqrt()[..., 0].expand(-1, len(weight))


def with_biases(inputs):
    """Those of queries and keys, also where a family has none."""
    query_bias, key_bias = torch.randn(2, *inputs.key_bias.shape, dtype=inputs.key_bias.dtype)
    return replace(inputs, query_bias=query_bias, key_bias=key_bias)


@every_family
def test_products_are_conserved(family, open_double):
    """<q, k> = <W_K q, x> / divisor + <q, b>, over the divisor of a norm of keys.

    The same for keys, but that a key's own bias is left out where no norm follows.
    """
    model = open_double(family.name)
    trace = llm_tt.capture(model, TEXT)
    for layer in range(trace.n_layers):
        inputs, states = with_biases(model.head_inputs(layer)), trace.resid_pre[layer]
        queries, keys = inputs.queries(states), inputs.keys(states)
        products = torch.einsum("qhd,khd->hqk", queries, keys)
        last, divisors = len(states) - 1, inputs.divisor(states)[:, 0]

        directions = directions_looked_for(inputs, states[last], ALL)
        weight = 1 if inputs.key_norm is None else inputs.key_norm.weight
        constant = (queries[last] * weight * inputs.key_bias).sum(-1)
        found = directions @ states.T / divisors + constant[:, None]
        found = found / norm_divisor(inputs, inputs.key_norm, states, inputs.key, inputs.key_bias).T
        assert_close(found, products[:, last], atol=1e-11, rtol=1e-11)

        heads, positions = torch.tensor([0, 3, 1, 3]), torch.tensor([2, 0, 5, 2])
        directions = directions_looked_for_by(inputs, states, heads, positions)
        if inputs.key_norm is None:
            keys = keys - inputs.key_bias
            products = torch.einsum("qhd,khd->hqk", queries, keys)
        weight = 1 if inputs.query_norm is None else inputs.query_norm.weight
        bias = (keys * weight * inputs.query_bias).sum(-1)[positions, heads]
        found = directions @ states.T / divisors + bias[:, None]
        divisor = norm_divisor(inputs, inputs.query_norm, states, inputs.query, inputs.query_bias)
        found = found / divisor.T[heads]
        assert_close(found, products[heads, :, positions], atol=1e-11, rtol=1e-11)


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "BLOOM"])
def test_what_a_token_alone_looks_for_is_what_concepts_say(family, open_double):
    """Where the state is a bare token, both ways of reading a head give the same scores."""
    model = open_double(family)
    for head in range(4):
        inputs = model.head_inputs(1)
        direction = directions_looked_for(inputs, model.embedding([17])[0], torch.tensor([head]))
        scores = token_products(model, direction * inputs.score_scale) / token_divisors(model, inputs.norm)
        said = looked_for_from_token(model, 1, head, 17, top=5)
        if inputs.score_cap is not None:
            scores = inputs.score_cap * torch.tanh(scores / inputs.score_cap)
        best = scores[0].topk(5)
        assert tuple(best.indices.tolist()) == said.most.token_ids
        assert_close(best.values.tolist(), list(said.most.changes), atol=1e-10, rtol=1e-10)


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "BLOOM", "Qwen3"])
def test_what_looks_for_a_token_alone_is_what_concepts_say(family, open_double):
    """But for what the query's bias gives it, whoever asks; where queries are normed again, for the order."""
    model = open_double(family)
    inputs, state = model.head_inputs(1), model.embedding([17])
    for head in range(4):
        direction = directions_looked_for_by(inputs, state, torch.tensor([head]), torch.tensor([0]))
        scores = token_products(model, direction * inputs.score_scale) / token_divisors(model, inputs.norm)
        if inputs.query_norm is not None:
            raw = inputs.query[head].T @ model.embedding().T / token_divisors(model, inputs.norm)
            raw = raw + inputs.query_bias[head][:, None]
            scores = scores / (raw.square().mean(0) + inputs.query_norm.epsilon).sqrt()
        if inputs.score_cap is not None:
            scores = inputs.score_cap * torch.tanh(scores / inputs.score_cap)
        said = looked_for_by_token(model, 1, head, 17, top=5)
        best = scores[0].topk(5)
        assert tuple(best.indices.tolist()) == said.most.token_ids
        constants = torch.tensor(said.most.changes, dtype=torch.float64) - best.values
        assert_close(constants, constants[:1].expand(5), atol=1e-9, rtol=1e-9)


def test_what_has_to_be_said_beside_readings(open_family):
    notes = {
        name: notes_on(open_family(name).head_inputs(0)) for name in ("GPT-2", "Llama", "OLMo 2", "BLOOM")
    }
    assert notes == {"GPT-2": (), "BLOOM": (), "Llama": (ROTARY,), "OLMo 2": (ROTARY, NORMED)}
    assert notes_on(None) == (UNREADABLE,)
