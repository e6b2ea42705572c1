"""Sums over positions equal the sums of the links; queries read their own state."""

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.components_graph import ComponentKind, components_graph
from llm_tt.graph.position_sums import position_sums
from llm_tt.graph.state_composition import compose_states, n_writers, on_routes
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed

CHANGES = [lambda shares: shares, signed, rounded]


def writers_of(components, lattice):
    """Numbers as in `state_composition`; the output is 0 as a reader."""
    place = np.where(components.kind == ComponentKind.MLP, lattice.n_heads, components.head)
    writer = 1 + components.layer * (lattice.n_heads + 1) + place
    is_end = (components.kind == ComponentKind.EMBEDDING) | (components.kind == ComponentKind.OUTPUT)
    return np.where(is_end, 0, writer)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("density", [1.0, 0.4])
def test_they_are_the_sums_of_the_links(shape, change, density):
    graph = build_graph(change(random_shares(*shape))).prune(density=density)
    components = components_graph(graph)
    writer = writers_of(components, graph.lattice)
    expected = np.zeros((n_writers(graph.lattice),) * 2)
    n_links = np.zeros(expected.shape, int)
    ends = writer[components.target], writer[components.source]
    np.add.at(expected, ends, components.link_weight)
    np.add.at(n_links, ends, 1)
    sums = position_sums(graph).through_keys
    assert sums.weight == pytest.approx(expected, abs=1e-14)
    assert (sums.is_linked == (n_links > 0)).all()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_query_reads_the_state_at_its_own_position(shape, change):
    graph = build_graph(change(random_shares(*shape)))
    routes = on_routes(graph)
    states = compose_states(routes)
    expected = np.zeros((n_writers(graph.lattice),) * 2)
    for edge in np.flatnonzero(routes.kind == 0).tolist():
        row = int(routes.source[edge]) // graph.lattice.n_positions
        share = states.shares[row][routes.query[edge]]
        reader = 1 + int(routes.layer[edge]) * (graph.lattice.n_heads + 1) + int(routes.head[edge])
        expected[reader, : len(share)] += routes.weight[edge] * share
    sums = position_sums(graph).through_queries
    assert sums.weight == pytest.approx(expected, abs=1e-14)
    assert sums.is_linked[expected != 0].all()


def test_by_hand():
    sums = position_sums(build_graph(by_hand()))
    # Numbers: 0 embedding and output, 1 head, 2 MLP.
    assert sums.through_keys.weight == pytest.approx(
        np.array(
            [[0.2 * 0.3 / 0.9, 0.2 * 0.6 / 0.9, 0.4], [0.6, 0, 0], [0.4 * 0.3 / 0.9, 0.4 * 0.6 / 0.9, 0]]
        )
    )
    assert sums.through_queries.weight == pytest.approx(np.array([[0, 0, 0], [0.6, 0, 0], [0, 0, 0]]))


def test_a_link_is_there_also_if_its_weights_cancel_out():
    graph = build_graph(random_shares(1, 1, 3))
    attention = np.flatnonzero((graph.kind == 0) & (graph.query == 2) & (graph.survival > 0))
    assert len(attention) > 1
    weight = graph.weight.copy()
    weight[attention] = 0
    weight[attention[:2]] = 0.25, -0.25
    columns = {name: getattr(graph, name) for name in graph.__dataclass_fields__}
    sums = position_sums(type(graph)(**columns | {"weight": weight})).through_keys
    assert sums.weight[1, 0] == 0
    assert sums.is_linked[1, 0]


def test_without_a_route_nothing_is_linked():
    sums = position_sums(build_graph(by_hand()).prune(threshold=2.0))
    assert not sums.through_keys.is_linked.any()
    assert not sums.through_queries.is_linked.any()
