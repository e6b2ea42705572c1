"""The bytes of an anatomy say what its columns say, in plain JSON."""

import json
import math

import pytest

import llm_tt
from llm_tt.anatomy.measures import Numbers
from llm_tt.render.anatomy_payload import SHOWN_TOKENS, AnatomyCaption, anatomy_payload
from llm_tt.render.anatomy_words import how_read
from llm_tt.render.visible_text import visible_token

PROMPT = "<b>*x*"


def content_of(payload: bytes) -> dict:
    assert payload[:4] == b"LTA1"
    return json.loads(payload[4:])


def payload_of(model, names=None, **options):
    trace = llm_tt.capture(model, PROMPT)
    graph = llm_tt.anatomy.flow(model, trace, [0, 1], numbers=Numbers(2, 2, 2, 2), top=8, **options)
    return graph, content_of(anatomy_payload(graph, AnatomyCaption("run", "prompt"), names))


def test_columns_are_the_graphs(tiny_model):
    graph, content = payload_of(tiny_model, contrast="b")
    nodes, edges = content["nodes"], content["edges"]
    assert tuple(nodes["name"]) == graph.names
    assert {len(column) for column in nodes.values()} == {len(graph.names)}
    assert {len(column) for column in edges.values()} == {len(graph.edges.source)}
    told_numbers = [
        *((nodes, graph.nodes, name) for name in ("contribution", "norm", "coefficient")),
        *((nodes, graph.nodes, name) for name in ("entropy", "probability")),
        *((edges, graph.edges, name) for name in ("contribution", "norm", "attention")),
    ]
    for column, own, name in told_numbers:
        for told, number in zip(column[name], getattr(own, name).tolist(), strict=True):
            assert told is None if math.isnan(number) else told == pytest.approx(number, rel=1e-4)
    assert nodes["how"] == [how_read(node) for node in graph.nodes.what]
    assert nodes["rank"] == [rank or None for rank in graph.nodes.rank.tolist()]
    assert edges["source"] == graph.edges.source.tolist()
    assert (content["layers"], content["position"], content["vocabulary"]) == ([0, 1], graph.position, 300)
    assert content["contrast"] == "b"


def test_tokens_are_visible_and_few(tiny_model):
    graph, content = payload_of(tiny_model)
    assert content["tokens"] == [visible_token(token) for token in graph.prompt.token_strings]
    for end in ("promoted", "suppressed"):
        ids, numbers = getattr(graph.nodes, end), getattr(graph.nodes, f"{end}_by")
        for place, shown in enumerate(content["nodes"][end]):
            read = tiny_model.token_strings(ids[place][:SHOWN_TOKENS].tolist())
            assert shown == [visible_token(token) for token in read]
            expected = numbers[place][:SHOWN_TOKENS].tolist()
            assert content["nodes"][f"{end}By"][place] == pytest.approx(expected, rel=1e-4)


def test_residual_edges_alone_have_names_of_parts(tiny_model):
    graph, content = payload_of(tiny_model)
    named = {part for part in content["edges"]["part"] if part}
    at = graph.position
    assert named == {f"L{layer}.{stage}.residual@{at}" for layer in (0, 1) for stage in ("mid", "post")}
    kinds = content["edges"]["kind"]
    assert [kind == "residual" for kind in kinds] == [part is not None for part in content["edges"]["part"]]


def test_names_of_a_person_stand_in_the_titles(tiny_model):
    graph, content = payload_of(tiny_model, {"L1.mlp": "my <i> MLP"})
    place = graph.names.index(f"L1.mlp@{graph.position}")
    assert content["nodes"]["title"][place].endswith(": my <i> MLP")


def test_what_cannot_be_read_has_no_tokens(open_family):
    model = open_family("GPT-2")
    trace = llm_tt.run_with_edits(model, PROMPT, [llm_tt.Ablate.mlp(1, baseline="zero")])
    graph = llm_tt.anatomy.flow(model, trace, 1)
    content = content_of(anatomy_payload(graph, AnatomyCaption("run", "prompt", "edited")))
    place = graph.names.index(f"L1.mlp@{graph.position}")
    assert content["nodes"]["promoted"][place] == content["nodes"]["promotedBy"][place] == []
    assert content["nodes"]["rank"][place] is None
    assert content["runLabel"] == "edited"


def test_all_that_has_to_be_said_stands_below(open_family):
    graph, content = payload_of(open_family("OLMo 2"))
    assert content["notes"] == [*graph.notes, *graph.neuron_notes]
    assert len(content["notes"]) == 3
