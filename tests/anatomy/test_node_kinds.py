"""Names of nodes are those of parts, where there are such parts, and every kind has one."""

import pytest

from llm_tt.anatomy.node_kinds import MEETS_TOKENS, OTHERS, READING_OF, AnatomyNode, NodeKind, Reading
from llm_tt.errors import TargetError
from llm_tt.tracing.parts import Part

NAMES = {
    NodeKind.INPUT: "L1.post@13",
    NodeKind.NORM_ATTENTION: "L2.norm1@13",
    NodeKind.QUERY: "L2H1.query@13",
    NodeKind.KEY: "L2H1.key@3-13",
    NodeKind.VALUE: "L2H1.value@3-13",
    NodeKind.OTHER_KEYS: "L2H1.others@13",
    NodeKind.HEAD: "L2H1@13",
    NodeKind.OTHER_HEADS: "L2.heads.others@13",
    NodeKind.OUTPUT_NEURON: "L2H1D33@13",
    NodeKind.OTHER_OUTPUTS: "L2.outputs.others@13",
    NodeKind.ATTENTION_BIAS: "L2.attention.bias@13",
    NodeKind.ATTENTION: "L2.attention@13",
    NodeKind.MID: "L2.mid@13",
    NodeKind.NORM_MLP: "L2.norm2@13",
    NodeKind.NEURON_IN: "L2N33.in@13",
    NodeKind.NEURON: "L2N33@13",
    NodeKind.OTHER_NEURONS: "L2.neurons.others@13",
    NodeKind.MLP_BIAS: "L2.mlp.bias@13",
    NodeKind.MLP: "L2.mlp@13",
    NodeKind.OUTPUT: "L2.post@13",
}


def node_of(kind: NodeKind) -> AnatomyNode:
    has_key = kind in (NodeKind.KEY, NodeKind.VALUE)
    return AnatomyNode(kind, 2, 13, head=1, key=3 if has_key else -1, neuron=33)


@pytest.mark.parametrize("kind", NodeKind)
def test_every_kind_has_a_name_and_a_reading(kind):
    assert node_of(kind).name == NAMES[kind]
    assert READING_OF[kind] in Reading


@pytest.mark.parametrize("kind", NodeKind)
def test_a_name_that_is_a_parts_name_means_that_part(kind):
    node = node_of(kind)
    try:
        named = Part.named(node.name)
    except TargetError:
        named = None
    if kind in (NodeKind.KEY, NodeKind.VALUE):
        assert node.part == Part("message", 2, 13, head=1, key=3)
    elif kind is NodeKind.NEURON_IN:
        assert node.part == node_of(NodeKind.NEURON).part
    else:
        assert node.part == named


def test_the_embedding_enters_the_first_layer():
    node = AnatomyNode(NodeKind.INPUT, 0, 4)
    assert node.name == "embed@4"
    assert node.part == Part.named("embed@4")


def test_only_directions_meet_tokens():
    assert {kind for kind in NodeKind if READING_OF[kind] in MEETS_TOKENS} == {
        NodeKind.QUERY,
        NodeKind.KEY,
        NodeKind.NEURON_IN,
    }
    assert len(OTHERS) == 4


def test_states_queries_keys_and_neurons_are_read_in_their_own_ways():
    states = {kind for kind, reading in READING_OF.items() if reading is Reading.STATE}
    names = (NodeKind.INPUT, NodeKind.NORM_ATTENTION, NodeKind.MID, NodeKind.NORM_MLP, NodeKind.OUTPUT)
    assert states == set(names)
    asked = [READING_OF[kind] for kind in (NodeKind.QUERY, NodeKind.KEY, NodeKind.NEURON_IN)]
    assert asked == [Reading.LOOKED_FOR, Reading.LOOKED_FOR_BY, Reading.EXCITED_BY]
