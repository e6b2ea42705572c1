"""The browser reads what Python packs, and knows who is connected to whom."""

import json

import pytest

from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES


def test_everything_arrives(ask_node):
    payload = made_up_payload(SHAPES["two layers"])
    (graph,) = ask_node(payload, {"ask": "graph"})
    sent = json.loads(payload[4:])
    assert graph["nodes"] == sent["nodes"]
    assert graph["edges"] == sent["edges"]
    assert graph["nNodes"] == len(sent["nodes"]["name"])
    for edge in range(graph["nEdges"]):
        assert edge in graph["into"][graph["edges"]["target"][edge]]
        assert edge in graph["from"][graph["edges"]["source"][edge]]
    assert sum(map(len, graph["into"])) == sum(map(len, graph["from"])) == graph["nEdges"]


@pytest.mark.parametrize("measure", ["contribution", "norm", "attention"])
def test_the_strongest_edge_is_the_reference_and_the_residual_has_its_own(measure, ask_node):
    (graph,) = ask_node(made_up_payload(measure=measure), {"ask": "graph"})
    sizes = {True: [0.0], False: [0.0]}
    for kind, value in zip(graph["edges"]["kind"], graph["edges"][measure], strict=True):
        sizes[kind == "residual"].append(abs(value or 0))
    assert graph["reference"] == (max(sizes[False]) or 1)
    assert graph["residualReference"] == (max(sizes[True]) or 1)


def test_other_bytes_are_refused(ask_node):
    (said,) = ask_node(b"", {"ask": "refusal", "text": "LTF1{}"})
    assert said == "These are no bytes of an anatomy: LTF1"


def test_a_click_on_an_edge_means_its_more_specific_end(ask_node):
    graph, clicked = ask_node(made_up_payload(), {"ask": "graph"}, {"ask": "clicked"})
    nodes, edges = graph["nodes"], graph["edges"]
    for edge, name in enumerate(clicked):
        ends = [nodes["kind"][edges[end][edge]] for end in ("source", "target")]
        if edges["kind"][edge] == "residual":
            assert name == edges["part"][edge]
            continue
        meant = nodes["kind"][nodes["name"].index(name)]
        if (
            ends == ["norm_attention", "query"]
            or ends == ["query", "key"]
            or ends == ["norm_mlp", "neuron_in"]
        ):
            assert meant == ends[1]
        if ends in (["value", "head"], ["output_neuron", "attention"], ["neuron", "mlp"]):
            assert meant == ends[0]


@pytest.mark.parametrize("measure", ["contribution", "norm", "attention"])
def test_strokes_say_kind_or_sign_and_size(measure, ask_node):
    theme = {name: name for name in ("positive", "negative", "residual", "attention", "mlp")}
    graph, strokes = ask_node(
        made_up_payload(measure=measure), {"ask": "graph"}, {"ask": "strokes", "theme": theme}
    )
    for kind, value, stroke in zip(graph["edges"]["kind"], graph["edges"][measure], strokes, strict=True):
        sign = "negative" if (value or 0) < 0 else "positive"
        signed = measure == "contribution" and kind != "residual"
        assert stroke["color"] == (sign if signed else kind)
        if value is None:
            assert stroke["width"] < 1
        elif abs(value) == graph["reference"] and kind != "residual":
            assert stroke["width"] == pytest.approx(5.3)


def test_what_stands_for_many_says_how_many(ask_node):
    names = ["L2.neurons.others@13", "L2.mlp.bias@13", "L2.post@13"]
    graph, *texts = ask_node(
        made_up_payload(), {"ask": "graph"}, *({"ask": "texts", "name": n} for n in names)
    )
    assert texts[0] == ["3,064 more", "+3,064", "+3k"]
    assert texts[1] == ["bias"]
    assert texts[2] == [graph["nodes"]["promoted"][graph["nodes"]["name"].index(names[2])][0]]
