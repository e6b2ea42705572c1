"""Flow is conserved, and is the sum over all paths."""

import math

import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.candidates import edges_of_layer, gather_weights
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.path_sums import flow_through
from tests.graph.plain_search import named_column, plain_edges, plain_paths, target_name
from tests.graph.random_shares import SHAPES, by_hand, random_shares


def flows_of(shares, position=None):
    graph = build_graph(shares, position, aggregate="flow")
    return graph, named_column(graph, "weight")


def absorbed_by_biases(shares, graph, flows):
    """Each sum's bias takes its share of what flows through the sum."""
    total = 0.0
    for row in range(1, graph.lattice.n_rows):
        for position in range(graph.target_position + 1):
            node = graph.lattice.node_at(row, position)
            name = graph.lattice.name_of(node)
            outgoing = sum(flow for edge, flow in flows.items() if edge[0] == name)
            through = 1.0 if node == graph.target_node else outgoing
            place = graph.lattice.place_of(node)
            is_second_sum = place.stage == "post" and shares.mlp_bias is not None
            bias = shares.mlp_bias if is_second_sum else shares.attention_bias
            total += through * bias[place.layer, position].item()
    return total


@pytest.mark.parametrize("shape", SHAPES)
def test_what_reaches_the_embeddings_and_the_biases_is_everything(shape):
    shares = random_shares(*shape)
    for position in range(shape[2]):
        graph, flows = flows_of(shares, position)
        reached = sum(flow for edge, flow in flows.items() if edge[0].startswith("embed@"))
        assert reached + absorbed_by_biases(shares, graph, flows) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("shape", [(1, 2, 3, False), (2, 1, 3, False), (2, 2, 3, True)])
def test_flow_out_of_the_embeddings_is_the_sum_over_all_paths(shape):
    shares = random_shares(*shape)
    graph, flows = flows_of(shares)
    edges = plain_edges(shares, graph.target_position)
    expected = dict.fromkeys((edge for edge in edges if edge[0].startswith("embed@")), 0.0)
    for path in plain_paths(edges, target_name(graph)):
        expected[path[0]] += math.prod(edges[edge] for edge in path)
    assert {edge: flows[edge] for edge in expected} == pytest.approx(expected, abs=1e-12)


def test_by_hand():
    _, flows = flows_of(by_hand())
    assert flows == pytest.approx(
        {
            ("embed@0", "L0.mid@0", "attention 0"): 0,
            ("embed@0", "L0.mid@1", "attention 0"): 0.6 * 0.5,
            ("embed@1", "L0.mid@1", "attention 0"): 0.6 * 0.1,
            ("embed@0", "L0.mid@0", "residual"): 0,
            ("embed@1", "L0.mid@1", "residual"): 0.6 * 0.3,
            ("L0.mid@0", "L0.post@0", "mlp"): 0,
            ("L0.mid@1", "L0.post@1", "mlp"): 0.4,
            ("L0.mid@0", "L0.post@0", "residual"): 0,
            ("L0.mid@1", "L0.post@1", "residual"): 0.2,
        }
    )


def test_the_shares_are_not_changed():
    shares = random_shares(2, 2, 3)
    edges = edges_of_layer(Lattice(2, 2, 3, has_parallel_blocks=False), 2)
    columns = gather_weights(shares, edges)
    assert (flow_through(columns, edges) != columns).any()
    assert (columns == gather_weights(shares, edges)).all()
