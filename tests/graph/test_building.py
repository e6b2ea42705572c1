"""A graph knows what it explains, and refuses what it cannot draw."""

from dataclasses import replace
from inspect import unwrap

import numpy as np
import pytest
import torch

from llm_tt.errors import AttributionError, GraphError, TargetError
from llm_tt.graph.building import build_graph
from tests.graph.plain_search import named_column, target_name
from tests.graph.random_shares import by_hand, random_shares, signed


def test_what_a_graph_carries_along():
    shares = random_shares(2, 3, 4)
    graph = build_graph(shares)
    assert (graph.prompt, graph.method, graph.aggregate, graph.explains) == (
        shares.prompt,
        "ifr",
        "threshold",
        None,
    )
    assert (graph.density, graph.mass) == (1, 1)
    assert target_name(graph) == "L1.post@3"


@pytest.mark.parametrize(("asked", "position"), [(None, 3), (-1, 3), (-2, 2), (0, 0), (2, 2)])
def test_positions_count_from_either_end(asked, position):
    graph = build_graph(random_shares(1, 1, 4), asked)
    assert graph.target_position == position
    assert graph.query.max() == graph.key.max() == position


@pytest.mark.parametrize("asked", [4, -5])
def test_positions_outside_the_prompt(asked):
    with pytest.raises(TargetError, match="from 0 to 3, or from -4 to -1"):
        build_graph(random_shares(1, 1, 4), asked)


def test_an_earlier_target_is_the_graph_of_a_shorter_prompt():
    whole = random_shares(2, 2, 5)
    shorter = replace(
        whole,
        prompt=replace(whole.prompt, text="abc", token_ids=(0, 1, 2), token_strings=("a", "b", "c")),
        attention=whole.attention[:, :, :3, :3],
        **{
            name: getattr(whole, name)[:, :3]
            for name in ("attention_residual", "attention_bias", "mlp", "mlp_residual", "mlp_bias")
        },
    )
    earlier, last = build_graph(whole, 2), build_graph(shorter)
    for column in ("weight", "survival"):
        assert named_column(earlier, column) == named_column(last, column)


def test_signed_contributions_bring_their_position():
    shares = signed(random_shares(2, 2, 4), position=1)
    graph = build_graph(shares)
    assert graph.target_position == 1
    assert graph.explains == shares.target
    assert (graph.weight < 0).any()
    assert build_graph(shares, 1).target_position == build_graph(shares, -3).target_position == 1
    with pytest.raises(
        TargetError, match=r"\(relp\) explain the prediction at position 1.*target_position=3"
    ):
        build_graph(shares, -1)


@pytest.mark.parametrize("part", ["attention", "attention_residual", "mlp", "mlp_residual"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_contributions_that_are_no_numbers(part, value):
    shares = by_hand()
    getattr(shares, part)[0, ..., 0] = value
    with pytest.raises(AttributionError, match="NaN or infinite"):
        build_graph(shares)


def test_damage_behind_the_target_does_not_matter():
    shares = random_shares(1, 1, 3)
    shares.mlp[0, 2] = float("nan")
    assert np.isfinite(build_graph(shares, 1).survival).all()


def test_flow_of_signed_contributions_means_nothing():
    with pytest.raises(GraphError, match="relp are signed"):
        build_graph(signed(random_shares(1, 1, 2)), aggregate="flow")


def test_an_unknown_aggregate():
    # Unwrapped, because in the tests the type check would come first.
    with pytest.raises(GraphError, match='aggregate="threshold" or aggregate="flow"'):
        unwrap(build_graph)(by_hand(), aggregate="mean")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_precision_is_the_contributions(dtype):
    graph = build_graph(random_shares(2, 2, 3, dtype=dtype))
    expected = np.dtype(str(dtype).removeprefix("torch."))
    assert graph.weight.dtype == graph.survival.dtype == expected
    assert (graph.source.dtype, graph.target.dtype, graph.kind.dtype, graph.head.dtype) == (
        np.int32,
        np.int32,
        np.int8,
        np.int16,
    )


def test_contributions_with_a_gradient_history():
    shares = by_hand()
    shares.attention.requires_grad_()
    assert build_graph(shares).weight.max() == 0.7
