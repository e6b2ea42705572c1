"""Links between components: those of the plainest walk, and what enters is what was written."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
import torch

from llm_tt.graph.building import build_graph
from llm_tt.graph.components_graph import components_graph, count_links
from llm_tt.tracing.parts import Part
from tests.graph.plain_components import component_of, counted_edges, output_of, parts_of, plain_links
from tests.graph.plain_search import plain_paths, target_name
from tests.graph.random_shares import SHAPES, by_hand, random_shares, rounded, signed

KINDS_OF_SHARES = {
    "unsigned": lambda shares: shares,
    "signed": signed,
    "full of ties and zeros": rounded,
}
every_kind = pytest.mark.parametrize("change", KINDS_OF_SHARES.values(), ids=KINDS_OF_SHARES)
every_shape = pytest.mark.parametrize("shape", SHAPES)


def named_links(graph):
    components = components_graph(graph)
    names = components.names()
    ends = [
        (names[source], names[target])
        for source, target in zip(components.source, components.target, strict=True)
    ]
    assert len(set(ends)) == len(ends)
    return dict(zip(ends, components.link_weight.tolist(), strict=True))


def sums_into(links, size=float):
    sums = defaultdict(float)
    for (_, reader), weight in links.items():
        sums[reader] += size(weight)
    return dict(sums)


def sums_of_edges(graph, size=float):
    edges = counted_edges(graph)
    sums = defaultdict(float)
    for edge, weight in edges.items():
        if edge[2] != "residual":
            sums[component_of(edge)] += size(weight)
    into_the_last_state = parts_of(edges, target_name(graph)).values()
    return dict(sums) | ({output_of(graph): sum(map(size, into_the_last_state))} if sums else {})


def one_sign(shares):
    """Every part negative, for a method that could have had both signs."""
    parts = {name: -getattr(shares, name) for name in ("attention", "attention_residual", "mlp")}
    if shares.mlp_residual is not None:
        parts["mlp_residual"] = -shares.mlp_residual
    gradients = signed(shares)
    return replace(gradients, **parts)


@every_kind
@every_shape
@pytest.mark.parametrize("density", [1.0, 0.4])
def test_every_link_is_that_of_the_plain_walk(shape, change, density):
    for position in {0, shape[2] - 1}:
        shares = random_shares(*shape)
        shares = signed(shares, position) if change is signed else change(shares)
        graph = build_graph(shares, position).prune(density=density)
        assert named_links(graph) == pytest.approx(plain_links(graph), abs=1e-15)


@every_shape
def test_unsigned_links_into_a_component_add_up_to_its_edges(shape):
    graph = build_graph(random_shares(*shape))
    for kept in (graph, graph.prune(density=0.4), graph.prune(density=0.4, renormalize=True)):
        assert sums_into(named_links(kept)) == pytest.approx(sums_of_edges(kept))


@every_shape
def test_sizes_of_signed_links_add_up_to_the_sizes_of_edges(shape):
    graph = build_graph(signed(random_shares(*shape)))
    for kept in (graph, graph.prune(density=0.4)):
        links = named_links(kept)
        assert sums_into(links, abs) == pytest.approx(sums_of_edges(kept, abs))


@every_shape
def test_where_all_parts_pull_one_way_signed_links_add_up_too(shape):
    graph = build_graph(one_sign(random_shares(*shape)))
    links = named_links(graph)
    assert max(links.values()) < 0
    assert sums_into(links) == pytest.approx(sums_of_edges(graph))


def test_where_parts_work_against_each_other_the_links_add_up_to_less():
    graph = build_graph(signed(random_shares(3, 3, 5)))
    reading_one_state = [edge for edge in counted_edges(graph) if edge[2] == "mlp"]
    links, edges = sums_into(named_links(graph)), sums_of_edges(graph)
    differences = [abs(edges[name]) - abs(links[name]) for name in map(component_of, reading_one_state)]
    assert min(differences) > -1e-12
    assert max(differences) > 0.01


@every_kind
@every_shape
def test_the_last_layer_gives_the_output_what_it_weighs(shape, change):
    graph = build_graph(change(random_shares(*shape)))
    links, output = named_links(graph), output_of(graph)
    weights = dict(zip(components_graph(graph).names(), components_graph(graph).weight.tolist(), strict=True))
    for part in parts_of(counted_edges(graph), target_name(graph)):
        if not part.startswith("residual"):
            assert links[part, output] == pytest.approx(weights[part])


@pytest.mark.parametrize("shape", [(1, 2, 3, False), (2, 1, 3, False), (2, 2, 3, True)])
def test_the_flow_to_each_token_is_the_sum_over_all_paths_of_states(shape):
    graph = build_graph(random_shares(*shape))
    edges = counted_edges(graph)
    entering = defaultdict(float)
    for edge, weight in edges.items():
        entering[edge[1]] += weight
    expected = defaultdict(float)
    for path in plain_paths(edges, target_name(graph)):
        expected[path[0][0]] += np.prod([edges[edge] / entering[edge[1]] for edge in path])

    links = named_links(graph)
    read = sums_into(links)
    flow = defaultdict(float, {output_of(graph): 1.0})
    # Links are in the order of their readers: from the end, a reader has all its flow before it gives any.
    for (writer, reader), weight in reversed(links.items()):
        flow[writer] += flow[reader] * weight / read[reader]
    assert {name: value for name, value in flow.items() if name.startswith("embed@")} == pytest.approx(
        dict(expected)
    )


def test_by_hand():
    components = components_graph(build_graph(by_hand()))
    assert components.names() == ["embed@0", "embed@1", "L0H0@1", "L0.mlp@1", "output@1"]
    assert components.kind.tolist() == [0, 0, 1, 2, 3]
    assert components.layer.tolist() == [-1, -1, 0, 0, 1]
    assert components.head.tolist() == [-1, -1, 0, -1, -1]
    assert components.position.tolist() == [0, 1, 1, 1, 1]
    assert components.weight.tolist() == pytest.approx([0, 0, 0.6, 0.4, 0.6])
    assert named_links(build_graph(by_hand())) == pytest.approx(
        {
            ("embed@0", "L0H0@1"): 0.5,
            ("embed@1", "L0H0@1"): 0.1,
            ("embed@1", "L0.mlp@1"): 0.4 * 0.3 / 0.9,
            ("L0H0@1", "L0.mlp@1"): 0.4 * 0.6 / 0.9,
            ("embed@1", "output@1"): 0.2 * 0.3 / 0.9,
            ("L0H0@1", "output@1"): 0.2 * 0.6 / 0.9,
            ("L0.mlp@1", "output@1"): 0.4,
        }
    )


@every_kind
@every_shape
def test_components_and_links_run_upward_and_are_named_as_parts(shape, change):
    graph = build_graph(change(random_shares(*shape)))
    components = components_graph(graph)
    assert (components.source < components.target).all()
    readers = components.layer[components.target]
    assert (np.diff(readers) >= 0).all()
    assert components.target_component == components.n_components - 1
    for name, layer, position, weight in zip(
        components.names()[:-1], components.layer, components.position, components.weight, strict=False
    ):
        part = Part.named(name)
        assert (part.layer, part.position) == (layer, position)
        assert weight == pytest.approx(sums_of_edges(graph).get(name, 0))


@every_kind
@every_shape
def test_links_are_counted_before_they_are_made(shape, change):
    for density in (1.0, 0.3):
        graph = build_graph(change(random_shares(*shape))).prune(density=density)
        assert count_links(graph) == components_graph(graph).n_links


def test_columns_are_read_only_and_as_precise_as_the_graph():
    components = components_graph(build_graph(random_shares(2, 2, 4, dtype=torch.float32)))
    assert components.link_weight.dtype == components.weight.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        components.link_weight[0] = 1


def test_a_graph_without_a_route_has_the_output_alone():
    components = components_graph(build_graph(by_hand()).prune(threshold=2.0))
    assert components.names() == ["output@1"]
    assert components.n_links == count_links(build_graph(by_hand()).prune(threshold=2.0)) == 0


def test_a_component_that_nothing_reads_is_there_too():
    graph = build_graph(random_shares(2, 1, 2))
    messages = graph.keep((graph.layer == 0) & (graph.kind == 0))
    names = components_graph(messages).names()
    assert "L0H0@1" in names
    assert named_links(messages) == pytest.approx(plain_links(messages))


def test_a_component_is_there_also_if_nothing_that_it_reads_is_left():
    graph = build_graph(random_shares(2, 1, 2))
    above = graph.keep(graph.layer == 1)
    components = components_graph(above)
    assert not any(name.startswith(("embed", "L0")) for name in components.names())
    assert "L1H0@1" in components.names()
    assert named_links(above) == pytest.approx(
        {
            ends: weight
            for ends, weight in plain_links(above).items()
            if not ends[0].startswith(("embed", "L0"))
        }
    )
