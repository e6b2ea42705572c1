"""Norms of queries and keys by hand, and scores as they are bent."""

import torch
from torch.testing import assert_close

from llm_tt.model.frozen_norm import FrozenNorm
from llm_tt.model.head_inputs import HeadInputs, VectorNorm


def some_inputs(**changed) -> HeadInputs:
    weight = torch.arange(12.0).reshape(2, 3, 2)
    bias = torch.ones(2, 2)
    given = {
        "query": weight,
        "key": weight + 1,
        "value": weight * 2,
        "query_bias": bias,
        "key_bias": bias * 2,
        "value_bias": bias * 3,
        "norm": FrozenNorm(None, is_centred=False),
        "query_norm": None,
        "key_norm": None,
        "score_scale": 0.5,
        "score_cap": None,
        "rotary": False,
        **changed,
    }
    return HeadInputs(**given)


def test_without_norms_it_is_one_product_and_a_bias():
    state = torch.tensor([1.0, 0.0, 2.0])
    inputs = some_inputs()
    assert_close(inputs.queries(state), torch.tensor([[9.0, 12.0], [27.0, 30.0]]))
    assert_close(inputs.keys(state), torch.tensor([[13.0, 16.0], [31.0, 34.0]]))
    assert_close(inputs.values(state), torch.tensor([[19.0, 25.0], [55.0, 61.0]]))


def test_a_norm_in_front_divides_by_its_own_divisor():
    inputs = some_inputs(norm=FrozenNorm(None, is_centred=True, epsilon=1.0))
    state = torch.tensor([[1.0, 3.0, 5.0]])
    divisor = (torch.tensor(8.0 / 3) + 1).sqrt()
    assert_close(inputs.divisor(state), divisor.reshape(1, 1))
    assert_close(inputs.values(state)[0, 1], state[0] @ inputs.value[1] / divisor + inputs.value_bias[1])


def test_a_norm_for_each_head_or_for_all_together():
    vectors = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    weight = torch.tensor([[1.0, 2.0], [1.0, 1.0]])
    apart = VectorNorm(weight, 0.0, over_all_heads=False).apply(vectors)
    assert_close(apart, torch.tensor([[3.0, 8.0], [0.0, 2.0]]) / torch.tensor([[12.5**0.5], [2**0.5]]))
    together = VectorNorm(weight, 0.0, over_all_heads=True).apply(vectors)
    assert_close(together, torch.tensor([[3.0, 8.0], [0.0, 2.0]]) / (29 / 4) ** 0.5)


def test_scores_are_scaled_and_then_bent():
    products = torch.tensor([-8.0, 0.0, 8.0])
    assert_close(some_inputs().bend(products), products / 2)
    assert_close(some_inputs(score_cap=2.0).bend(products), 2 * torch.tanh(products / 4))
