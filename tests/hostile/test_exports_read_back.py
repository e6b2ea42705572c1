"""Files of graphs read back: changed, cut off, foreign, made to fill the memory. What is taken is a graph."""

import copy
import json
import re

import numpy as np
import pytest
from hypothesis import given, strategies

import llm_tt
from llm_tt.errors import ExportError
from llm_tt.graph.flow_graph import FlowGraph
from tests.hostile.answers import NO_FILES, answered, often, refused, timed


@pytest.fixture(scope="module")
def graph(world):
    trace = llm_tt.capture(world, "When Mary and John")
    return llm_tt.build_graph(llm_tt.attribute(world, trace, "relp")).prune(density=0.3)


@pytest.fixture(scope="module")
def saved(graph, tmp_path_factory):
    """The JSON of a graph, and its GraphML."""
    folder = tmp_path_factory.mktemp("graphs")
    for name in ("graph.json", "graph.graphml"):
        llm_tt.save_graph(graph, folder / name)
    return json.loads((folder / "graph.json").read_text()), (folder / "graph.graphml").read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("read")


def read(place, content):
    path = place / "read.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return FlowGraph.load(path)


def is_sound(graph):
    """What was taken can be cut, followed and written again."""
    assert np.isfinite(graph.weight).all()
    cut = graph.prune(density=0.5)
    assert cut.n_edges <= graph.n_edges <= graph.n_candidates
    graph.paths(2)
    json.dumps(graph.to_json())
    graph._repr_html_()


VALUES = strategies.one_of(
    strategies.none(),
    strategies.booleans(),
    strategies.sampled_from([-1, 0, 1, 10**9, 2**61, 2**63, 10**30, -(2**63)]),
    strategies.floats(),
    strategies.sampled_from(["", "²", "\0", "\ud800", "<script>", "\x1b[31m", "x" * 10_000]),
    strategies.sampled_from([[], {}, [[]], [None], ["a"], {"a": 1}]),
)


def places_in(content, so_far=()):
    """The way to every value, of long lists to the first two."""
    yield so_far
    if isinstance(content, dict):
        for key, value in content.items():
            yield from places_in(value, (*so_far, key))
    elif isinstance(content, list):
        for number, value in enumerate(content[:2]):
            yield from places_in(value, (*so_far, number))


@often
@given(data=strategies.data())
def test_one_value_changed_taken_out_or_doubled(saved, place, data):
    content = copy.deepcopy(saved[0])
    way = data.draw(strategies.sampled_from([way for way in places_in(content) if way]))
    inside = content
    for step in way[:-1]:
        inside = inside[step]
    match data.draw(strategies.sampled_from(["change", "take out", "double"])):
        case "change":
            inside[way[-1]] = data.draw(VALUES)
        case "take out":
            del inside[way[-1]]
        case "double":
            if isinstance(inside, list):
                inside.append(inside[way[-1]])
    found = answered(lambda: read(place, content))
    if isinstance(found, FlowGraph):
        with timed():
            is_sound(found)


@pytest.mark.parametrize("kind", [0, 1], ids=["json", "graphml"])
@often
@given(data=strategies.data())
def test_bytes_changed_or_cut_off(saved, place, kind, data):
    content = bytearray(saved[1] if kind else json.dumps(saved[0]).encode())
    for _ in range(data.draw(strategies.integers(1, 3))):
        content[data.draw(strategies.integers(0, len(content) - 1))] = data.draw(strategies.integers(0, 255))
    if data.draw(strategies.booleans()):
        del content[data.draw(strategies.integers(0, len(content))) :]
    found = answered(lambda: read(place, bytes(content)))
    if isinstance(found, FlowGraph):
        with timed():
            is_sound(found)


def with_weight(written):
    return lambda xml: re.sub(rb'(<data key="weight">)[^<]*', rb"\g<1>" + written, xml, count=1)


def all_integers(xml):
    xml = xml.replace(b'attr.type="double"', b'attr.type="int"')
    return re.sub(rb'(<data key="(?:weight|survival)">)[^<]*', rb"\g<1>" + b"9" * 400, xml)


XML = {
    "entities that laugh": lambda xml: xml.replace(
        b"<graphml", b'<!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><graphml', 1
    ),
    "a file of the machine": lambda xml: xml.replace(
        b"<graphml", b'<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml', 1
    ),
    "an encoding that is none": lambda xml: xml.replace(b"utf-8", b"evil", 1),
    "an encoding that is no text's": lambda xml: xml.replace(b"utf-8", b"zlib", 1),
    "another encoding": lambda xml: xml.replace(b"utf-8", b"utf-7", 1),
    "two bytes a letter": lambda xml: xml.decode().encode("utf-16"),
    "200,000 elements inside each other": lambda _: b"<a>" * 200_000,
    "cut off": lambda xml: xml[: len(xml) // 2],
    "a weight beyond all numbers": with_weight(b"1e999"),
    "a weight that is no number": with_weight(b"nan"),
    "weights of 400 digits": all_integers,
    "a head of 5,000 digits": lambda xml: re.sub(
        rb'(<data key="head">)[^<]*', rb"\g<1>" + b"9" * 5_000, xml, count=1
    ),
    "a header with endless brackets": lambda xml: re.sub(
        rb'<data key="llm_tt">[^<]*', b'<data key="llm_tt">' + b"[" * 100_000, xml
    ),
    "a header that is a number": lambda xml: re.sub(
        rb'<data key="llm_tt">[^<]*', b'<data key="llm_tt">5', xml
    ),
    "a kind of attribute that is none": lambda xml: xml.replace(b'"double"', b'"evil"', 1),
    "an edge between three nodes": lambda xml: xml.replace(b"<edge ", b"<hyperedge/><edge ", 1),
    "an edge from nowhere": lambda xml: xml.replace(b"source=", b"from=", 1),
    "half of a character": lambda xml: xml.replace(b"</graph>", b"&#xD800;</graph>"),
    "a pickle": lambda _: b"<\x80\x04\x95",
}


@pytest.mark.parametrize("change", XML.values(), ids=XML)
def test_graphml_that_cannot_be(saved, place, change):
    refused(lambda: read(place, change(saved[1])), ExportError)


def with_edges(content, **columns):
    content["edges"] = {name: list(values) for name, values in content["edges"].items()} | columns


def in_a_circle(content):
    edges = content["edges"]
    edges["source"], edges["target"] = edges["target"], edges["source"]


def doubled(content):
    for values in content["edges"].values():
        values.append(values[-1])


STRUCTURES = {
    "10,000 layers of 10,000 heads at 10,000 positions": lambda c: c["shape"].update(
        layers=10_000, heads=10_000, positions=10_000
    ),
    "the largest numbers": lambda c: c["shape"].update(layers=2**62, heads=2**62),
    "edges in a circle": in_a_circle,
    "an edge twice": doubled,
    "ends beyond the nodes": lambda c: with_edges(c, source=[10**9] * len(c["edges"]["source"])),
    "a node of thousands of digits": lambda c: c["nodes"]["name"].__setitem__(0, f"L{'9' * 5000}.post@0"),
    "another version": lambda c: c.update(version=2),
    "a version that is true": lambda c: c.update(version=True),
    "no edges, no nodes": lambda c: c.update(edges={}, nodes={}),
    "more tokens than strings": lambda c: c["prompt"].update(token_ids=[1] * 10_000),
    "a target behind the prompt": lambda c: c.update(target_position=10**9),
}


@pytest.mark.parametrize("change", STRUCTURES.values(), ids=STRUCTURES)
def test_json_that_cannot_be_a_graph(saved, place, change):
    content = copy.deepcopy(saved[0])
    change(content)
    refused(lambda: read(place, content), ExportError)


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"9" * 5_000, b"", b"\0" * 100, b"\x80\x04\x95", b"PK\3\4", b"null"],
    ids=["brackets", "digits", "nothing", "zeros", "pickle", "zip", "null"],
)
def test_a_file_that_is_none(place, content):
    refused(lambda: read(place, content), ExportError)


@pytest.mark.parametrize("kind", [*NO_FILES, "link to nowhere"])
def test_what_is_no_file_is_not_waited_for(tmp_path, stand_in, kind):
    path = stand_in(kind, tmp_path / "graph.json")
    refused(lambda: FlowGraph.load(path), ExportError)


HARMFUL = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


@pytest.mark.parametrize("format", ["html", "svg"])
def test_no_html_comes_from_a_token(saved, place, format):
    """Neither from one of a file that somebody sent."""
    content = copy.deepcopy(saved[0])
    content["prompt"]["token_strings"][0] = content["model"] = HARMFUL
    for said in content["predictions"]:
        said["token"] = HARMFUL
    with timed(is_bounded=False):
        llm_tt.save_graph(read(place, content), place / f"out.{format}")
    written = (place / f"out.{format}").read_text()
    assert "<script>alert" not in written
    assert "<img" not in written
