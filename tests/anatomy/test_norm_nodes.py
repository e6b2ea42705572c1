"""The node behind a norm holds what the norm made of the state, and is left out where there is none."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.node_kinds import NodeKind
from tests.anatomy.sums import kinds


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "Gemma 2", "Cohere", "BLOOM"])
def test_it_is_the_normed_state(family, open_double):
    model = open_double(family)
    trace = llm_tt.capture(model, "Norms.")
    graph = llm_tt.anatomy.flow(model, trace, 1)
    norms = model.block_norms(1)
    states = {NodeKind.NORM_ATTENTION: (norms.attention, trace.resid_pre)}
    if trace.resid_mid is not None:
        states[NodeKind.NORM_MLP] = (norms.mlp, trace.resid_mid)
    found = {node.kind: graph.nodes.vectors[place] for place, node in enumerate(graph.nodes.what)}
    assert set(states) <= set(found)
    for kind, (norm, stream) in states.items():
        assert_close(torch.tensor(found[kind]), norm.normed(stream[1, -1]), atol=1e-12, rtol=1e-12)


def test_without_a_norm_there_is_no_node(open_family):
    model = open_family("OLMo 2")
    graph = llm_tt.anatomy.flow(model, llm_tt.capture(model, "Norms."), 1)
    assert not {NodeKind.NORM_ATTENTION, NodeKind.NORM_MLP} & set(kinds(graph))
    assert f"L0.post@{graph.position}" in graph.into(f"L1H{graph_head(graph)}.query@{graph.position}")


def graph_head(graph):
    return next(node.head for node in graph.nodes.what if node.kind is NodeKind.HEAD)


def test_what_leads_into_it_belongs_to_its_half(tiny_model):
    graph = llm_tt.anatomy.flow(tiny_model, llm_tt.capture(tiny_model, "Norms."), 1)
    for name, half in (("norm1", "attention"), ("norm2", "mlp")):
        place = graph.place_of(f"L1.{name}@{graph.position}")
        assert [graph.edges.kind[edge] for edge in (graph.edges.target == place).nonzero()[0]] == [half]
