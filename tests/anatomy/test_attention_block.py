"""Which heads, keys and output neurons have nodes, and that each is asked by its own head."""

import pytest
import torch

import llm_tt
from llm_tt.anatomy.layer_heads import LayerHeads
from llm_tt.anatomy.measures import Numbers
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.lens.target_direction import target_direction
from tests.anatomy.sums import kinds

TEXT = "Blocks, as é."
MANY = Numbers(heads=3, keys=2, outputs=5, neurons=1)


@pytest.fixture(params=["contribution", "norm", "attention"])
def drawn(request, tiny_model):
    """A graph, its heads, and the sizes by which things are chosen."""
    trace = llm_tt.capture(tiny_model, TEXT)
    graph = llm_tt.anatomy.flow(tiny_model, trace, 1, measure=request.param, numbers=MANY)
    heads = LayerHeads.of(tiny_model, trace, 1, len(trace.prompt) - 1)
    return graph, heads, target_direction(tiny_model, trace, graph.target)


def nodes_of(graph, kind):
    return [node for node in graph.nodes.what if node.kind is kind]


def test_the_strongest_heads_are_drawn_strongest_first(drawn):
    graph, heads, direction = drawn
    sizes = (
        (heads.written @ direction).abs() if graph.measure == "contribution" else heads.written.norm(dim=-1)
    )
    strongest = sizes.argsort(descending=True)[:3].tolist()
    assert [node.head for node in nodes_of(graph, NodeKind.HEAD)] == strongest
    assert [node.head for node in nodes_of(graph, NodeKind.QUERY)] == strongest


def test_each_head_has_its_strongest_keys(drawn):
    graph, heads, direction = drawn
    sizes = heads.message_sizes(graph.measure, direction)
    for head in nodes_of(graph, NodeKind.HEAD):
        wanted = sizes[head.head].argsort(descending=True)[:2].tolist()
        for kind in (NodeKind.KEY, NodeKind.VALUE):
            assert [node.key for node in nodes_of(graph, kind) if node.head == head.head] == wanted


def test_the_strongest_output_neurons_are_drawn(drawn):
    graph, heads, direction = drawn
    shown = [node.head for node in nodes_of(graph, NodeKind.HEAD)]
    sizes = heads.output_sizes(graph.measure, direction)
    hidden = torch.ones(len(sizes), dtype=torch.bool)
    hidden[shown] = False
    sizes[hidden] = 0
    width = sizes.shape[1]
    wanted = {divmod(place, width) for place in sizes.flatten().argsort(descending=True)[:5].tolist()}
    assert {(node.head, node.neuron) for node in nodes_of(graph, NodeKind.OUTPUT_NEURON)} == wanted


def test_every_route_stays_with_its_head(drawn):
    graph, *_ = drawn
    at = graph.position
    for value in nodes_of(graph, NodeKind.VALUE):
        (key,) = graph.into(value.name)
        assert key == f"L1H{value.head}.key@{value.key}-{at}"
        assert graph.into(key) == (f"L1H{value.head}.query@{at}",)
        assert value.name in graph.into(f"L1H{value.head}@{at}")
    for output in nodes_of(graph, NodeKind.OUTPUT_NEURON):
        assert graph.into(output.name) == (f"L1H{output.head}@{at}",)


def test_the_token_that_made_a_key_is_where_attention_was_paid(drawn):
    graph, heads, _ = drawn
    for place, node in enumerate(graph.nodes.what):
        if node.kind in (NodeKind.KEY, NodeKind.VALUE):
            assert graph.nodes.coefficient[place] == pytest.approx(float(heads.paid[node.head, node.key]))


def test_without_output_neurons_heads_lead_to_the_sum(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    graph = llm_tt.anatomy.flow(tiny_model, trace, 1, numbers=Numbers(heads=3, outputs=0))
    assert NodeKind.OTHER_OUTPUTS not in kinds(graph)
    entering = set(graph.into(f"L1.attention@{graph.position}"))
    assert {node.name for node in nodes_of(graph, NodeKind.HEAD)} < entering
