"""Which heads, keys and output neurons have nodes, and that each is asked by its own head."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.circuit_directions import directions_looked_for, directions_looked_for_by
from llm_tt.anatomy.layer_heads import LayerHeads
from llm_tt.anatomy.measures import Numbers
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.lens.target_direction import target_direction
from tests.anatomy.sums import kinds

TEXT = "Blocks, as é."
MANY = Numbers(heads=3, keys=2, outputs=5, neurons=1)
EARLIER = 5
"""A position that is not the last."""


@pytest.fixture(params=["contribution", "norm", "attention"])
def drawn(request, tiny_model):
    """A graph, its heads, and the sizes by which things are chosen."""
    trace = llm_tt.capture(tiny_model, TEXT)
    graph = llm_tt.anatomy.flow(tiny_model, trace, 1, measure=request.param, numbers=MANY)
    heads = LayerHeads.of(tiny_model.layer_weights(1), trace, 1, len(trace.prompt) - 1)
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


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases"])
def test_queries_are_asked_here_and_keys_offered_there(family, open_double):
    """Of the states that enter the layer."""
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1, position=EARLIER, numbers=MANY)
    inputs, states = model.head_inputs(1), trace.resid_pre[1]
    for place, node in enumerate(graph.nodes.what):
        if node.kind is NodeKind.QUERY:
            expected = directions_looked_for(inputs, states[EARLIER], torch.tensor([node.head]))
        elif node.kind is NodeKind.KEY:
            expected = directions_looked_for_by(
                inputs, states, torch.tensor([node.head]), torch.tensor([node.key])
            )
        else:
            continue
        assert_close(torch.tensor(graph.nodes.vectors[place])[None], expected, atol=1e-12, rtol=1e-10)


def test_what_is_not_shown_of_a_head_says_how_many_and_how_much(open_family):
    """A window of six positions: what lies in front of it is attended to by nobody."""
    model = open_family("Mistral")
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1, numbers=MANY)
    paid = trace.patterns[1][:, -1]
    assert (paid[:, :-6] == 0).all()
    places = [place for place, kind in enumerate(kinds(graph)) if kind is NodeKind.OTHER_KEYS]
    assert len(places) == 3
    for place in places:
        head = graph.nodes.what[place].head
        shown = [node.key for node in nodes_of(graph, NodeKind.VALUE) if node.head == head]
        assert graph.nodes.count[place] == 6 - len(shown)
        left = float(paid[head].sum() - paid[head][shown].sum())
        assert graph.nodes.coefficient[place] == pytest.approx(left, abs=1e-6)
        entering = graph.edges.target == place
        assert graph.edges.attention[entering] == pytest.approx(left, abs=1e-6)


def test_what_a_sink_takes_is_paid_to_nobody(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    trace = replace(trace, patterns=(trace.patterns[0], trace.patterns[1] * 0.25))
    graph = llm_tt.anatomy.flow(tiny_model, trace, 1, numbers=MANY)
    for place, node in enumerate(graph.nodes.what):
        if node.kind is NodeKind.HEAD:
            entering = graph.edges.target == place
            assert graph.edges.attention[entering].sum() == pytest.approx(0.25, abs=1e-6)


def test_output_neurons_stand_by_their_heads_and_carry_their_activations(drawn):
    graph, heads, _ = drawn
    outputs = nodes_of(graph, NodeKind.OUTPUT_NEURON)
    shown = [node.head for node in nodes_of(graph, NodeKind.HEAD)]
    order = [shown.index(node.head) for node in outputs]
    assert order == sorted(order)
    places = [place for place, kind in enumerate(kinds(graph)) if kind is NodeKind.OUTPUT_NEURON]
    for place, node in zip(places, outputs, strict=True):
        expected = float(heads.mixed[node.head, node.neuron])
        assert graph.nodes.coefficient[place] == pytest.approx(expected, rel=1e-5)
    others = np.isnan(graph.nodes.coefficient[[k is NodeKind.HEAD for k in kinds(graph)]])
    assert others.all()


def test_where_nothing_is_added_there_is_no_node(open_family):
    """Llama has no biases, and with all heads shown there are no others."""
    model = open_family("Llama")
    graph = llm_tt.anatomy.flow(model, llm_tt.capture(model, TEXT), 1, numbers=Numbers(4, 2, 3, 1))
    missing = {NodeKind.ATTENTION_BIAS, NodeKind.MLP_BIAS, NodeKind.OTHER_HEADS}
    assert not missing & set(kinds(graph))


def test_no_head_pays_less_than_nothing(tiny_model):
    """What is left of attention is a difference, which rounding may take below zero."""
    trace, seen = llm_tt.capture(tiny_model, TEXT), []
    for seed in range(10):
        pattern = torch.full_like(trace.patterns[1], 1e-12)
        pattern[:, -1, :6] = torch.rand(4, 6, generator=torch.Generator().manual_seed(seed))
        pattern = pattern / pattern.sum(-1, keepdim=True)
        changed = replace(trace, patterns=(trace.patterns[0], pattern))
        graph = llm_tt.anatomy.flow(tiny_model, changed, 1, measure="attention", numbers=Numbers(keys=6))
        left = [kind is NodeKind.OTHER_KEYS for kind in kinds(graph)]
        seen += graph.nodes.coefficient[left].tolist()
    assert len(seen) == 40
    assert min(seen) >= 0
