"""Every kind of file: its name, its ending, what is in it, and what cannot be written."""

import io
import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from PIL import Image

import llm_tt
from llm_tt.errors import ExportError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.spec import ModelSpec
from llm_tt.render.graph_formats import FORMATS, ExportContext, format_of, graph_bytes
from llm_tt.render.script import GraphRecipe
from tests.graph.same_graph import assert_same


@pytest.fixture(scope="module")
def graph(tiny_model) -> FlowGraph:
    trace = llm_tt.capture(tiny_model, "some <b> words")
    return llm_tt.build_graph(llm_tt.attribute(tiny_model, trace, "relp")).prune(density=0.1)


def reads_back(content: bytes, graph: FlowGraph, place: Path) -> None:
    place.write_bytes(content)
    assert_same(FlowGraph.load(place), graph)


def test_every_format_is_what_it_says(graph, tmp_path):
    recipe = GraphRecipe(
        ModelSpec("untrained"), "some <b> words", "relp", graph.target_position, graph.explains
    )
    context = ExportContext(recipe=recipe)
    content = {name: graph_bytes(known, graph, context) for name, known in FORMATS.items()}
    assert content["html"].startswith(b"<!doctype html>")
    assert content["svg"].startswith(b"<svg ")
    assert Image.open(io.BytesIO(content["png"])).width > 1000
    reads_back(content["json"], graph, tmp_path / "x.json")
    reads_back(content["graphml"], graph, tmp_path / "x.graphml")
    assert nx.read_graphml(io.BytesIO(content["graphml"])).number_of_edges() == graph.n_edges
    assert len(pd.read_csv(io.BytesIO(content["csv"]))) == graph.n_edges
    assert len(pd.read_parquet(io.BytesIO(content["parquet"]))) == graph.n_edges
    assert {"metadata", "qParams", "nodes", "links"} <= set(json.loads(content["circuit-tracer"]))
    assert {"cfg", "nodes", "edges"} <= set(json.loads(content["eap"]))
    compile(content["py"], "x.py", "exec")
    has_a_line_above = {
        "html", "svg", "png", "json", "graphml", "csv", "parquet", "circuit-tracer", "eap", "py"
    }  # fmt: skip
    assert set(content) == has_a_line_above


def test_the_ending_says_the_format():
    for name, known in FORMATS.items():
        assert format_of(Path(f"some.where/x.{known.suffix}")).name == name
        assert format_of(Path(f"X.{known.suffix.upper()}")).name == name
        assert format_of(Path("x.html"), name).name == name


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("x.htm", None, "Did you mean html?"),
        ("x.html", "grafml", "Did you mean graphml?"),
        ("x", None, "no ending"),
        ("x.zzzz", None, "Formats are html, svg"),
    ],
)
def test_another_format_is_refused_with_the_nearest(path, name, said):
    with pytest.raises(ExportError) as caught:
        format_of(Path(path), name)
    assert said in str(caught.value)


def test_saving_writes_the_file_and_tells_where(graph, tmp_path):
    assert llm_tt.save_graph(graph, str(tmp_path / "x.json")) == tmp_path / "x.json"
    assert_same(FlowGraph.load(tmp_path / "x.json"), graph)
    llm_tt.save_graph(graph, tmp_path / "y", format="csv")
    assert (tmp_path / "y").read_text().startswith('"part"')
    with pytest.raises(ExportError, match="no folder"):
        llm_tt.save_graph(graph, tmp_path / "none" / "x.json")


def test_a_dark_picture_is_dark(graph, tmp_path):
    colours = [
        Image.open(llm_tt.save_graph(graph, tmp_path / "x.png", is_dark=dark)).convert("L").getpixel((2, 2))
        for dark in (False, True)
    ]
    assert colours[0] > 200 > 60 > colours[1]


def test_a_script_needs_to_know_how_the_graph_came_about(graph, tmp_path):
    with pytest.raises(ExportError, match="not known how this graph came about"):
        llm_tt.save_graph(graph, tmp_path / "x.py")


def test_an_anatomy_becomes_pictures_and_pages(tiny_model, tmp_path):
    anatomy = llm_tt.anatomy.flow(tiny_model, llm_tt.capture(tiny_model, "ab"), 0)
    for ending in ("html", "svg", "png"):
        assert llm_tt.save_graph(anatomy, tmp_path / f"x.{ending}").stat().st_size > 1000
    with pytest.raises(ExportError, match="format is for flow graphs") as caught:
        llm_tt.save_graph(anatomy, tmp_path / "x.eap.json")
    assert "html, svg, png" in caught.value.remedy


def test_the_page_of_a_run_says_more_than_that_of_a_graph(graph, tiny_model, tmp_path):
    trace = llm_tt.capture(tiny_model, "some <b> words")
    alone = llm_tt.save_graph(graph, tmp_path / "x.html").read_text()
    more = llm_tt.save_graph(
        graph, tmp_path / "y.html", model=tiny_model, trace=trace, measure=True
    ).read_text()
    assert '"labels"' not in alone.partition("openPage(")[2]
    assert '"curve": {"what"' in more


def test_a_page_measures_with_the_baseline_of_its_graph(graph, tiny_model):
    trace = llm_tt.capture(tiny_model, "some <b> words")
    recipe = GraphRecipe(tiny_model.spec, "some <b> words", "relp", graph.target_position, graph.explains)
    pages = [
        graph_bytes(FORMATS["html"], graph, ExportContext(tiny_model, trace, how, measure=True))
        for how in (None, recipe, replace(recipe, baseline="zero"))
    ]
    assert pages[0] == pages[1] != pages[2]
