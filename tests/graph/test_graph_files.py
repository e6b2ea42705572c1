"""Graphs that went into a file and came back; and files that are none."""

import json

import numpy as np
import pytest

import llm_tt
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.graph.graph_files import LARGEST_FILE
from llm_tt.graph.graph_json import to_json
from llm_tt.graph.graphml import to_graphml
from tests.graph.random_shares import random_shares
from tests.graph.same_graph import assert_same


@pytest.fixture
def graph():
    return build_graph(random_shares(2, 3, 5)).prune(density=0.4)


def test_json_and_graphml_are_told_apart_by_what_is_in_them(graph, tmp_path):
    (tmp_path / "a.txt").write_bytes(to_graphml(graph))
    (tmp_path / "b").write_text("\ufeff" + json.dumps(to_json(graph)))
    (tmp_path / "c").write_bytes(b"\xef\xbb\xbf" + to_graphml(graph))
    (tmp_path / "d").write_bytes(b"\r\n " + to_graphml(graph).partition(b"?>")[2])
    for name in ("a.txt", "b", "c", "d"):
        assert_same(llm_tt.FlowGraph.load(tmp_path / name), graph)
    assert_same(llm_tt.FlowGraph.load(str(tmp_path / "b")), graph)


def test_a_graph_that_came_back_is_a_graph_like_any_other(graph, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(graph.to_json()))
    back = llm_tt.FlowGraph.load(tmp_path / "a.json")
    assert [path.nodes for path in back.paths(3)] == [path.nodes for path in graph.paths(3)]
    assert_same(back.prune(density=0.1), graph.prune(density=0.1))
    assert not back.weight.flags.writeable
    assert np.array_equal(back.nodes(), graph.nodes())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "neither JSON nor GraphML"),
        (b"\x00\xff", "neither JSON nor GraphML"),
        (b"[" * 100_000, "neither JSON nor GraphML"),
        (b"[]", "no JSON object"),
        (b"{}", "does not say that its format is"),
        (b"<graphml>", "no GraphML file"),
    ],
)
def test_what_is_no_graph_is_refused(content, found, tmp_path):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ExportError, match=found) as caught:
        llm_tt.FlowGraph.load(tmp_path / "x")
    assert "Choose a .json or .graphml file" in caught.value.remedy


@pytest.mark.parametrize("name", ["a\0b.json", "a\ud800.json"])
def test_what_can_be_no_name_is_said(name):
    with pytest.raises(ExportError, match="no file's name"):
        llm_tt.FlowGraph.load(name)


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ExportError, match="cannot be opened"):
            llm_tt.FlowGraph.load(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "x").open("wb") as file:
        file.truncate(LARGEST_FILE + 2)
    with pytest.raises(ExportError, match="more than 500,000,000 bytes"):
        llm_tt.FlowGraph.load(tmp_path / "x")
