"""Influence is the sum over all ways down from the output, and cumulative influence ranks by it."""

from collections import defaultdict

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.component_influence import cumulative_influence, influence_on_output
from llm_tt.graph.components_graph import components_graph
from tests.graph.plain_components import output_of, plain_links
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed

CHANGES = [lambda shares: shares, signed, rounded]


def plain_influence(links, reader):
    """Every component below a reader, with what comes to it on each way."""
    found = defaultdict(float, {reader: 1.0})
    read = {writer: abs(weight) for (writer, end), weight in links.items() if end == reader}
    for writer, weight in read.items():
        for name, below in plain_influence(links, writer).items():
            found[name] += below * weight / sum(read.values())
    return found


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", [(1, 1, 2, False), (2, 2, 3, False), (2, 2, 3, True)])
def test_it_is_the_sum_over_all_ways(shape, change):
    graph = build_graph(change(random_shares(*shape))).prune(density=0.6)
    components = components_graph(graph)
    found = dict(zip(components.names(), influence_on_output(components).tolist(), strict=True))
    expected = plain_influence({e: w for e, w in plain_links(graph).items() if w}, output_of(graph))
    assert {name: value for name, value in found.items() if value} == pytest.approx(expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_all_of_it_comes_from_the_tokens(shape):
    components = components_graph(build_graph(random_shares(*shape)))
    assert influence_on_output(components)[components.kind == 0].sum() == pytest.approx(1)


@pytest.mark.parametrize("shape", SHAPES)
def test_those_up_to_a_share_are_the_fewest_that_have_it(shape):
    components = components_graph(build_graph(signed(random_shares(*shape))))
    influence, cumulative = influence_on_output(components)[:-1], cumulative_influence(components)[:-1]
    share = influence / influence.sum()
    assert cumulative.max() == pytest.approx(1)
    for threshold in (0.2, 0.5, 0.9, 1.0):
        kept = cumulative <= threshold
        assert share[kept].sum() <= threshold + 1e-12
        if not kept.all():
            strongest_of_the_others = share[~kept].max()
            assert share[kept].sum() + strongest_of_the_others > threshold
            assert (share[kept] >= strongest_of_the_others - 1e-15).all()


def test_by_hand():
    components = components_graph(build_graph(by_hand()))
    # The output reads 0.4 of the MLP and 0.2 of the state before: one third token 1, two thirds head.
    head, mlp = (0.4 + 0.2) / 0.6 * 2 / 3, 0.4 / 0.6
    expected = [head * 5 / 6, head / 6 + 1 / 3, head, mlp, 1]
    assert components.names() == ["embed@0", "embed@1", "L0H0@1", "L0.mlp@1", "output@1"]
    assert influence_on_output(components).tolist() == pytest.approx(expected)
    total = sum(expected[:-1])
    order = np.argsort([-value for value in expected[:-1]], kind="stable")
    in_order = cumulative_influence(components)[:-1][order]
    assert in_order.tolist() == pytest.approx((np.array(expected[:-1])[order].cumsum() / total).tolist())
    assert cumulative_influence(components)[-1] == 0


def test_nothing_has_influence_where_there_is_no_route():
    components = components_graph(build_graph(by_hand()).prune(threshold=2.0))
    assert influence_on_output(components).tolist() == [1]
    assert cumulative_influence(components).tolist() == [0]
