"""The neurons that are drawn, what they read, and what all others write together."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.measures import Numbers
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.lens.target_direction import target_direction

TEXT = "Neurons, as é."


def drawn(model, measure="contribution", count=3):
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1, measure=measure, numbers=Numbers(neurons=count))
    return trace, graph


def neurons_of(graph, kind=NodeKind.NEURON):
    return [node.neuron for node in graph.nodes.what if node.kind is kind]


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "OLMo 2"])
def test_the_strongest_neurons_of_each_sign(family, open_family):
    model = open_family(family)
    trace, graph = drawn(model)
    direction = target_direction(model, trace, graph.target)
    amounts = trace.mlp_activations[1, -1] * trace.mlp_scale[1, -1]
    contributions = amounts * (model.layer_weights(1).neuron_out @ direction)
    order = contributions.argsort(descending=True).tolist()
    assert neurons_of(graph) == order[:3] + order[-3:]
    assert neurons_of(graph, NodeKind.NEURON_IN) == neurons_of(graph)


@pytest.mark.parametrize("measure", ["norm", "attention"])
def test_by_length_the_sign_is_that_of_the_activation(tiny_model, measure):
    trace, graph = drawn(tiny_model, measure)
    lengths = trace.mlp_activations[1, -1] * tiny_model.layer_weights(1).neuron_out.norm(dim=-1)
    order = lengths.argsort(descending=True).tolist()
    assert neurons_of(graph) == order[:3] + order[-3:]


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "OLMo 2"])
def test_neurons_carry_their_activation_and_what_they_read(family, open_family):
    """Of the two inputs of a gated neuron, that of the activation function."""
    model = open_family(family)
    trace, graph = drawn(model)
    inputs = model.neuron_inputs(1)
    for place, node in enumerate(graph.nodes.what):
        vector = torch.tensor(graph.nodes.vectors[place])
        if node.kind is NodeKind.NEURON:
            activation = trace.mlp_activations[1, -1, node.neuron]
            assert graph.nodes.coefficient[place] == pytest.approx(float(activation))
            assert graph.into(node.name) == (f"L1N{node.neuron}.in@{graph.position}",)
        if node.kind is NodeKind.NEURON_IN:
            assert_close(vector, inputs.activated[node.neuron])


def test_in_parallel_blocks_neurons_read_behind_the_shared_norm(open_family):
    _, graph = drawn(open_family("GPT-J"))
    (first, *_) = neurons_of(graph)
    assert graph.into(f"L1N{first}.in@{graph.position}") == (f"L1.norm1@{graph.position}",)
    _, graph = drawn(open_family("GPT-NeoX"))
    (first, *_) = neurons_of(graph)
    assert graph.into(f"L1N{first}.in@{graph.position}") == (f"L1.norm2@{graph.position}",)
    assert graph.into(f"L1.norm2@{graph.position}") == (f"L0.post@{graph.position}",)
