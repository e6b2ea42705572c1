"""Singular directions by hand, their signs, and a head with one direction that was planted."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts.head_directions import check_circuit, singular_directions
from llm_tt.errors import AttributionError
from tests.concepts.planted import FROM, TO, with_planted_head


@torch.no_grad()
def circuit_by_hand(model, circuit, head):
    """The whole matrix, as the library never builds it."""
    inputs = model.head_inputs(1)
    if circuit == "OV":
        return inputs.value[head] @ model.layer_weights(1).head_out[head]
    query, key = inputs.query[head], inputs.key[head]
    if inputs.query_norm is not None:
        query, key = query * inputs.query_norm.weight[head], key * inputs.key_norm.weight[head]
    return inputs.score_scale * query @ key.T


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "Qwen3", "OLMo 2", "Granite"])
@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_strengths_shares_and_ends(family, circuit, open_double):
    model = open_double(family)
    head = 3
    left, strengths, right = torch.linalg.svd(circuit_by_hand(model, circuit, head))
    found = singular_directions(model, 1, head, circuit, top=300, n=4)
    assert_close(torch.tensor([one.strength for one in found]).double(), strengths[:4], rtol=1e-6, atol=0)
    shares = strengths.square() / strengths.square().sum()
    assert_close(torch.tensor([one.share_of_total for one in found]).double(), shares[:4], rtol=1e-6, atol=0)
    inputs, embedding = model.head_inputs(1), model.embedding()
    tokens = embedding / inputs.divisor(embedding)
    from_numbers, to_numbers = tokens @ left[:, 0], tokens @ right[0]
    if circuit == "OV":
        to_numbers = model.read_part(right[0], 1.0)
    sign = 1 if from_numbers.max() > -from_numbers.min() else -1
    for side, numbers in ((found[0].from_tokens, from_numbers), (found[0].to_tokens, to_numbers)):
        assert_close(torch.tensor(side.changes).double(), (sign * numbers)[list(side.token_ids)])
        assert list(side.changes) == sorted(side.changes, reverse=True)
    for along, against in (
        (found[0].from_tokens, found[0].from_against),
        (found[0].to_tokens, found[0].to_against),
    ):
        assert against.changes == along.changes[::-1]


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_the_token_that_stands_out_most_lies_along(circuit, open_family):
    for direction in singular_directions(open_family("GPT-2"), 1, 0, circuit, n=8):
        assert direction.from_tokens.changes[0] >= -direction.from_against.changes[0]


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_a_planted_direction_is_the_first(circuit, byte_tokenizer):
    first, second = singular_directions(with_planted_head(byte_tokenizer, circuit), 1, 2, circuit, n=2)
    assert first.from_tokens.token_ids[0] == FROM
    assert first.to_tokens.token_ids[0] == TO
    assert first.share_of_total > 0.999
    assert second.strength < 1e-3 * first.strength


def test_there_are_no_more_than_the_head_is_wide(tiny_model):
    found = singular_directions(tiny_model, 0, 0, "OV", n=100)
    assert len(found) == tiny_model.dimensions.d_head
    assert sum(one.share_of_total for one in found) == pytest.approx(1)


def test_other_circuits_are_refused():
    with pytest.raises(AttributionError, match="'OV' and 'QK'"):
        check_circuit("KV")
