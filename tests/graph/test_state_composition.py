"""A state is all that was written into it, in the proportions of the weights, and nothing else."""

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.state_composition import compose_states, n_writers, on_routes, writer_of
from tests.graph.plain_components import counted_edges, ways_down
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed


def composed(graph):
    routes = on_routes(graph)
    return routes, compose_states(routes)


def writer_names(lattice, position):
    layers = [
        name
        for layer in range(lattice.n_layers)
        for name in [
            *(f"L{layer}H{head}@{position}" for head in range(lattice.n_heads)),
            f"L{layer}.mlp@{position}",
        ]
    ]
    return [f"embed@{position}", *layers]


@pytest.mark.parametrize("change", [lambda shares: shares, signed, rounded])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_share_is_that_of_the_plain_way_down(shape, change):
    graph = build_graph(change(random_shares(*shape)))
    _, states = composed(graph)
    edges = counted_edges(graph)
    lattice = graph.lattice
    assert len(states.shares) == lattice.n_rows
    assert states.shares[-1].shape[1] == n_writers(lattice)
    for row, shares in enumerate(states.shares):
        for position in range(lattice.n_positions):
            name = lattice.name_of(lattice.node_at(row, position))
            # A state that nothing enters has no parts: the plain way stops with no share at all.
            expected = dict(ways_down(edges, name))
            names = writer_names(lattice, position)[: shares.shape[1]]
            found = dict(zip(names, shares[position].tolist(), strict=True))
            assert {name: share for name, share in found.items() if share} == pytest.approx(expected)


def test_by_hand():
    _, states = composed(build_graph(by_hand()))
    # L0.mid@1: 0.5 + 0.1 by the head and 0.3 carried over; L0.post@1: 0.4 by the MLP and 0.2 carried over.
    assert states.shares[1][1].tolist() == pytest.approx([3 / 9, 6 / 9])
    assert states.shares[2][1].tolist() == pytest.approx([1 / 3 * 3 / 9, 1 / 3 * 6 / 9, 2 / 3])
    assert states.strength[2].tolist() == pytest.approx([0, 0.6])


@pytest.mark.parametrize("shape", SHAPES)
def test_sizes_add_up_to_one_wherever_something_enters(shape):
    for shares in (random_shares(*shape), signed(random_shares(*shape))):
        for density in (1.0, 0.4):
            routes, states = composed(build_graph(shares).prune(density=density))
            entered = np.zeros(routes.lattice.n_nodes, bool)
            entered[: routes.lattice.n_positions] = True
            entered[routes.target] = True
            sizes = np.concatenate([np.abs(row).sum(1) for row in states.shares])
            assert sizes == pytest.approx(entered.astype(float))


def test_a_part_against_the_whole_has_a_negative_share_whichever_sign_the_whole_has():
    graph = build_graph(signed(random_shares(2, 2, 4)))
    _, states = composed(graph)
    flipped = type(graph)(
        **{name: getattr(graph, name) for name in graph.__dataclass_fields__} | {"weight": -graph.weight}
    )
    _, others = composed(flipped)
    for mine, theirs in zip(states.shares, others.shares, strict=True):
        assert mine.tolist() == theirs.tolist()
    assert min(shares.min() for shares in states.shares) < 0
    assert (states.strength == -others.strength).all()


def test_what_is_on_no_route_is_left_out():
    graph = build_graph(random_shares(2, 2, 4))
    routes = on_routes(graph)
    assert (routes.survival > 0).all()
    assert (routes.weight != 0).all()
    assert 0 < routes.n_edges < graph.n_edges
    assert routes.n_edges == len(counted_edges(graph))


def test_writers_are_numbered_in_the_order_of_the_model():
    graph = on_routes(build_graph(random_shares(2, 3, 4)))
    names = writer_names(graph.lattice, 0)
    assert len(names) == n_writers(graph.lattice) == 9
    attention = graph.kind == 0
    for edge in np.flatnonzero(attention).tolist():
        assert names[writer_of(graph)[edge]] == f"L{graph.layer[edge]}H{graph.head[edge]}@0"
    for edge in np.flatnonzero(graph.kind == 2).tolist():
        assert names[writer_of(graph)[edge]] == f"L{graph.layer[edge]}.mlp@0"
