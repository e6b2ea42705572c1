"""The strongest routes are those that listing all of them would find."""

import math
from heapq import heappop

import pytest
import torch

from llm_tt.errors import GraphError
from llm_tt.graph import strongest_paths
from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import NO_HEAD, edge_label
from tests.graph.plain_search import named_column, plain_paths, target_name
from tests.graph.random_shares import by_hand, random_shares, rounded, signed

SHAPES = [(1, 1, 1, False), (1, 2, 3, False), (2, 3, 4, False), (2, 2, 4, True), (3, 2, 3, True)]
CHANGES = {"as they are": lambda shares: shares, "ties": rounded, "signed": signed}


def listed_routes(graph):
    """Best product of |weight| for every way through the nodes, by listing all paths."""
    weights = named_column(graph, "weight")
    routes = {}
    for path in plain_paths(weights, target_name(graph)):
        nodes = (path[0][0], *(edge[1] for edge in path))
        product = math.prod(abs(weights[edge]) for edge in path)
        routes[nodes] = max(product, routes.get(nodes, 0))
    return routes


def names(graph, path):
    return tuple(graph.lattice.name_of(node) for node in path.nodes)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_equal_to_listing_all(shape, change):
    for seed in range(3):
        graph = build_graph(change(random_shares(*shape, seed=seed)))
        routes = listed_routes(graph)
        for top in (1, 3, 10, 10**4):
            paths = graph.paths(top)
            best = sorted(routes.values(), reverse=True)[:top]
            assert [path.weight for path in paths] == pytest.approx(best)
            found = {names(graph, path): path.weight for path in paths}
            assert len(found) == len(paths)
            assert found == pytest.approx({nodes: routes[nodes] for nodes in found})


@pytest.mark.parametrize("shape", SHAPES)
def test_every_step_is_an_edge_of_the_graph(shape):
    graph = build_graph(random_shares(*shape)).prune(density=0.3)
    weights = named_column(graph, "weight")
    for path in graph.paths():
        assert len(path.nodes) == len(path.edges) + 1
        nodes = names(graph, path)
        for source, target, edge in zip(nodes, nodes[1:], path.edges, strict=False):
            label = edge_label(edge.kind, NO_HEAD if edge.head is None else edge.head)
            assert weights[source, target, label] == edge.weight
        assert path.width == min(abs(edge.weight) for edge in path.edges)


def test_by_hand():
    graph = build_graph(by_hand())
    first, second, *rest = graph.paths()
    assert names(graph, first) == ("embed@0", "L0.mid@1", "L0.post@1")
    assert [(edge.kind.label, edge.head) for edge in first.edges] == [("attention", 0), ("mlp", None)]
    assert (first.weight, first.width) == pytest.approx((0.2, 0.4))
    # The stronger edge between the same nodes: the residual, not the head.
    assert [edge.kind.label for edge in second.edges] == ["residual", "mlp"]
    assert not rest


def test_the_result_is_the_same_each_time():
    shares = rounded(random_shares(3, 4, 5, seed=8))
    assert build_graph(shares).paths() == build_graph(shares).paths()


def test_a_multitude_of_equal_routes_is_not_listed(monkeypatch):
    # More equal routes than could ever be listed, with products that round differently from each end.
    shares = random_shares(12, 4, 16)
    of_layer = torch.linspace(0.3, 0.07, 12, dtype=torch.float64)
    for part in (shares.attention, shares.attention_residual, shares.mlp, shares.mlp_residual):
        part[:] = of_layer.view(-1, *[1] * (part.ndim - 1))
    taken_up = []
    monkeypatch.setattr(strongest_paths, "heappop", lambda heap: taken_up.append(1) or heappop(heap))
    graph = build_graph(shares)
    paths = graph.paths(10)
    assert [path.weight for path in paths] == pytest.approx([of_layer.prod().item() ** 2] * 10)
    assert len(taken_up) <= 10 * graph.lattice.n_rows


def test_products_too_small_for_a_float_keep_their_order():
    shares = random_shares(24, 1, 2, dtype=torch.float64)
    for part in (shares.attention, shares.attention_residual, shares.mlp, shares.mlp_residual):
        part.fill_(1e-10)
    shares.attention[3, 0, 1, 0] = 1e-9
    shares.attention[7, 0, 1, 0] = 1e-8
    graph = build_graph(shares)
    first, second, *_ = graph.paths(3)
    assert first.weight == second.weight == 0
    assert names(graph, first)[14:17] == ("L6.post@0", "L7.mid@1", "L7.post@1")
    assert names(graph, second)[6:9] == ("L2.post@0", "L3.mid@1", "L3.post@1")


def test_a_graph_without_routes():
    assert build_graph(random_shares(2, 2, 3)).prune(threshold=2.0).paths() == ()


@pytest.mark.parametrize("top", [0, -3])
def test_no_number_of_routes(top):
    with pytest.raises(GraphError, match="1 or more"):
        build_graph(by_hand()).paths(top)
