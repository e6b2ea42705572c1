"""Every kind of node is said in words, and its numbers in one line."""

import pytest

import llm_tt
from llm_tt.anatomy.measures import MEASURES, Numbers
from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind, Reading
from llm_tt.render.anatomy_words import (
    HOW,
    MEASURE_NAMES,
    READ_AS,
    how_read,
    node_sentence,
    numbers_in_words,
    unit_in_words,
)
from llm_tt.render.number_words import percent_text

TOKENS = ("When", " <b>", " to")


@pytest.fixture(scope="module")
def graph(tiny_model):
    trace = llm_tt.capture(tiny_model, "Words.")
    return llm_tt.anatomy.flow(tiny_model, trace, 1, contrast="b", numbers=Numbers(2, 2, 2, 2))


def test_every_node_has_its_own_sentence(graph):
    counts, tokens = graph.nodes.count.tolist(), graph.prompt.token_strings
    said = [node_sentence(node, tokens, n) for node, n in zip(graph.nodes.what, counts, strict=True)]
    assert len(set(said)) == len(said)
    assert all("{" not in sentence for sentence in said)


@pytest.mark.parametrize(
    ("node", "count", "said"),
    [
        (AnatomyNode(NodeKind.INPUT, 0, 2), 1, "Embedding, as it enters layer 0"),
        (AnatomyNode(NodeKind.INPUT, 2, 2), 1, "State that enters layer 2"),
        (AnatomyNode(NodeKind.KEY, 2, 2, head=1, key=1), 1, "Key of L2H1 at ·<b> (1)"),
        (AnatomyNode(NodeKind.OTHER_NEURONS, 2, 2), 3054, "and 3,054 more neurons of layer 2, together"),
        (AnatomyNode(NodeKind.OTHER_HEADS, 2, 2), 1, "and 1 more head of layer 2, together"),
        (
            AnatomyNode(NodeKind.OTHER_KEYS, 2, 2, head=3),
            12,
            "and 12 more positions that L2H3 attends to, together",
        ),
        (AnatomyNode(NodeKind.OUTPUT_NEURON, 2, 2, head=3, neuron=7), 1, "Output neuron 7 of L2H3"),
    ],
)
def test_nodes_in_words(node, count, said):
    assert node_sentence(node, TOKENS, count) == said


def test_numbers_say_what_they_are(graph):
    said = {node.kind: numbers_in_words(graph, place) for place, node in enumerate(graph.nodes.what)}
    assert "logits of difference towards the target" in said[NodeKind.HEAD]
    key = next(place for place, node in enumerate(graph.nodes.what) if node.kind is NodeKind.KEY)
    assert f"attention {percent_text(graph.nodes.coefficient[key])}" in numbers_in_words(graph, key)
    assert "activation" in said[NodeKind.NEURON]
    assert "activation" not in said[NodeKind.MLP]
    assert all("length" in words and "rank" in words and "-" not in words for words in said.values())
    assert unit_in_words(graph) == "logits of difference"


def test_nothing_is_without_words():
    assert set(HOW) == set(READ_AS) == set(Reading)
    assert set(MEASURE_NAMES) == set(MEASURES)
    assert how_read(AnatomyNode(NodeKind.QUERY, 0, 0)) == HOW[Reading.LOOKED_FOR]
