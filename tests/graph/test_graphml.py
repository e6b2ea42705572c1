"""A graph as GraphML: networkx reads all of it, and so do we."""

import io
import json

import networkx as nx
import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.graph.building import build_graph
from llm_tt.graph.graphml import HEADER, from_graphml, to_graphml
from tests.graph.random_shares import SHAPES, random_shares, signed
from tests.graph.same_graph import assert_same


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_is_read_equals_what_was_written(shape, dtype):
    shares = random_shares(*shape, dtype=dtype)
    for whole in (build_graph(shares), build_graph(signed(shares))):
        for graph in (whole, whole.prune(density=0.3), whole.keep(np.zeros(whole.n_edges, bool))):
            assert_same(from_graphml(to_graphml(graph)), graph)


def test_networkx_reads_every_attribute(tiny_model):
    trace = llm_tt.capture(tiny_model, "some <b> & words")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace, "relp")).prune(density=0.2)
    read = nx.read_graphml(io.BytesIO(to_graphml(graph)), force_multigraph=True)
    assert read.is_directed()
    ours = graph.to_networkx()
    assert dict(read.nodes(data=True)) == dict(ours.nodes(data=True))
    assert sorted(map(str, read.edges(data=True))) == sorted(map(str, ours.edges(data=True)))
    assert read.graph["prompt"] == trace.prompt.text
    assert read.graph["method"] == "relp"


def test_characters_that_xml_cannot_hold_come_back(tiny_model):
    trace = llm_tt.capture(tiny_model, "a\x00b\x0b\r\n\t☃")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace)).prune(density=0.1)
    assert_same(from_graphml(to_graphml(graph)), graph)


def change(graph, **attributes) -> bytes:
    """The file with something of its header changed."""
    read = nx.read_graphml(io.BytesIO(to_graphml(graph)), force_multigraph=True)
    header = json.loads(read.graph[HEADER]) | attributes
    read.graph[HEADER] = json.dumps(header)
    file = io.BytesIO()
    nx.write_graphml(read, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("attributes", "found"),
    [({"version": 2}, "version 1"), ({"method": "magic"}, "'magic'"), ({"shape": {}}, "'layers'")],
)
def test_a_header_that_cannot_be_is_refused(attributes, found):
    graph = build_graph(random_shares(2, 2, 3))
    with pytest.raises(ValueError, match=found):
        from_graphml(change(graph, **attributes))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (b">attention<", b">telepathy<", "telepathy"),
        (b'source="embed@0"', b'source="nowhere"', "no name of a node"),
        (b'source="embed@0"', b'source="embed@9"', "has 3 tokens"),
        (b'source="embed@0"', b'source="L1.post@0"', "cannot be"),
        (b'attr.name="weight"', b'attr.name="heaviness"', "no 'weight'"),
        (b"<?xml", b"<!DOCTYPE x []><?xml", "entities"),
        (b"</graphml>", b"", "no GraphML file"),
    ],
)
def test_damage_is_said_in_words(before, after, found):
    content = to_graphml(build_graph(random_shares(2, 2, 3)))
    assert before in content
    with pytest.raises(ValueError, match=found):
        from_graphml(content.replace(before, after))


def test_the_graphml_of_somebody_else_is_refused():
    file = io.BytesIO()
    nx.write_graphml(nx.path_graph(3), file)
    with pytest.raises(ValueError, match="no GraphML file with an attribute 'llm_tt'"):
        from_graphml(file.getvalue())


def test_entities_do_not_hide_in_another_encoding():
    """Without its own byte order mark, as it passes for a file that begins with a bracket."""
    text = to_graphml(build_graph(random_shares(2, 2, 3))).decode()
    begin, _, rest = text.partition("?>")
    evil = f'{begin.replace("utf-8", "UTF-16LE")}?><!DOCTYPE g [<!ENTITY a "attention">]>{rest}'
    with pytest.raises(ValueError, match="not in UTF-8"):
        from_graphml(evil.replace(">attention<", ">&a;<").encode("utf-16-le"))
