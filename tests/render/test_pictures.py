"""Pictures that no browser drew: all of the graph, as the library has it, and nothing but text in texts."""

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from llm_tt.attribution.run_record import Prediction, RunRecord
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.graph.cuts import Cut
from llm_tt.graph.edges import EdgeKind
from llm_tt.model.prompt import Prompt
from llm_tt.render.flow_payload import FlowCaption, OtherRun, flow_payload, graph_payload
from llm_tt.render.pictures import picture_svg
from llm_tt.render.visible_text import visible_token
from tests.graph.random_shares import SHAPES, random_shares, signed
from tests.render.anatomy_view.made_up import hostile, made_up_payload
from tests.render.anatomy_view.shapes import SHAPES as ANATOMIES
from tests.render.drawn_files import DrawnFile
from tests.render.flow_view.conftest import make_payload
from tests.render.flow_view.test_difference import edited

FLOAT32 = {"dtype": torch.float32}
ACCENT = "#c2187a"
STRANGE = (
    "<script>alert(1)</script>", "&amp;", "]]>", '" onload="x', "👩\u200d👩\u200d👧", "مرحبا", "שלום", "東京",
    "\u0000\ufffe\ud7ff", "𝔘nicode", "e\u0301", "Donaudampfschifffahrt",
)  # fmt: skip


def worded(shares, words):
    """The same with tokens of one's own, as often as needed."""
    n = len(shares.prompt)
    tokens = tuple((list(words) * n)[:n])
    said = tuple(Prediction(token, 0.5) for token in tokens)
    prompt = Prompt("".join(tokens), tuple(range(n)), tokens)
    return replace(shares, prompt=prompt, record=RunRecord(predictions=said))


def flow(shares, **options):
    caption = FlowCaption("run", "prompt", "target", **options)
    position = len(shares.prompt) - 1 if shares.target is None else shares.target.position
    return flow_payload(shares, position, caption, max_edges=10**6)


def drawn(payload, **options):
    return DrawnFile.read(picture_svg(payload, **options))


def lines_of(graph):
    """How many lines a graph is: edges of one kind between the same nodes are one."""
    return Counter(
        kind
        for kind, *_ in set(
            zip(graph.kind.tolist(), graph.source.tolist(), graph.target.tolist(), strict=True)
        )
    )


@pytest.mark.parametrize("cut", [Cut(threshold=0.02), Cut(density=0.1), Cut(mass=0.6)])
def test_what_a_cut_keeps_is_what_is_drawn(cut):
    shares = random_shares(3, 4, 9, **FLOAT32)
    picture = drawn(flow(shares), cut=cut)
    graph = build_graph(shares)
    ways = {name: getattr(cut, name) for name in ("threshold", "density", "mass")}
    small = graph.prune(**{name: value for name, value in ways.items() if value is not None})
    lines = lines_of(small)
    # One more for the legend.
    assert len(picture.all("path", stroke="#1f6fb5")) == lines[EdgeKind.ATTENTION] + 1
    assert len(picture.all("path", stroke="#b8860b")) == lines[EdgeKind.MLP]
    assert len(picture.all("rect", fill="#b8860b")) == lines[EdgeKind.MLP] + 1
    residual = [line for line in picture.all("path", stroke="#8a919c") if not line.get("stroke-dasharray")]
    assert len(residual) == lines[EdgeKind.RESIDUAL] + 1
    assert f"{small.n_edges} of {graph.n_candidates:,} edges" in picture.caption
    assert 20 < small.n_edges < graph.n_edges / 2


def test_a_graph_that_was_cut_is_drawn_whole():
    shares = worded(random_shares(2, 3, 6, **FLOAT32), "abcdef")
    small = build_graph(shares).prune(density=0.2)
    picture = drawn(graph_payload(small, FlowCaption("run", "prompt", "·Mary  99.8 %")))
    assert len(picture.all("path", stroke="#1f6fb5")) == lines_of(small)[EdgeKind.ATTENTION] + 1
    assert picture.caption.startswith(
        f"Routes to ·Mary 99.8 % after f (5), by Flow: {small.n_edges} of {small.n_candidates} edges ("
    )
    assert "·Mary  99.8 %" in picture.texts
    assert picture.texts[:2] == ["L0", "L1"]
    assert picture.texts[2:8] == list("abcdef")


def test_the_caption_names_the_model_but_not_where_it_lies():
    graph = build_graph(worded(random_shares(2, 3, 6, **FLOAT32), "abcdef"))
    of_model = replace(graph, record=replace(graph.record, model="/srv/models/tiny"))
    caption = drawn(graph_payload(of_model, FlowCaption("run", "prompt", "·Mary  99.8 %"))).caption
    assert caption.startswith("Routes to ·Mary 99.8 % after f (5) in tiny, by Flow: ")
    assert "srv" not in caption


def test_edges_for_which_there_is_no_room_are_told():
    small = build_graph(random_shares(3, 4, 9, **FLOAT32)).prune(density=0.5)
    caption = FlowCaption("run", "prompt", "")
    whole, part = (drawn(graph_payload(small, caption, max_edges=most)).caption for most in (10**6, 60))
    left_out = int(re.search(r" The (\d+) weakest edges are not drawn\.$", part)[1])
    said = re.search(r" (\d+) of \d+ edges", part)
    assert int(said[1]) + left_out == small.n_edges
    assert int(said[1]) <= 60
    assert "not drawn" not in whole
    assert (
        "not drawn" not in drawn(graph_payload(small, caption, max_edges=60), cut=Cut(threshold=0.9)).caption
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("explain", [lambda shares: shares, signed], ids=["shares", "signed"])
def test_every_shape_is_on_the_paper(shape, explain):
    picture = drawn(flow(worded(explain(random_shares(*shape, **FLOAT32)), ["·to"])), cut=Cut(mass=1.0))
    assert picture.outside() == []
    assert picture.size == picture.paper
    assert picture.size[0] == 1100


@pytest.mark.parametrize(
    ("layers", "tokens"), [(32, 6), (130, 2), (2, 64), (1, 150)], ids=["deep", "deepest", "long", "longest"]
)
def test_large_graphs_are_drawn_whole_and_all_tokens_are_named(layers, tokens):
    words = ["<|begin_of_text|>", *[f"t{i}" for i in range(tokens - 1)]]
    payload = flow(worded(random_shares(layers, 4, tokens, **FLOAT32), words))
    picture = drawn(payload, cut=Cut(mass=1.0))
    assert picture.outside() == []
    assert set(words[1:]) <= set(picture.texts)
    assert any(text.startswith("<|begin_") for text in picture.texts)
    rows = sorted({float(each.get("cy")) for each in picture.all("circle")})
    assert min(below - above for above, below in pairwise(rows)) > 5
    fitted = drawn(payload, cut=Cut(mass=1.0), width=600, height=500)
    assert fitted.size == (600, 500)
    assert fitted.outside() == []
    assert fitted.texts[: layers // 2] == picture.texts[: layers // 2]


@pytest.mark.parametrize("name", ANATOMIES)
def test_anatomies_are_drawn_whole(name):
    payload = made_up_payload(ANATOMIES[name])
    content = json.loads(payload[4:])
    picture = drawn(payload)
    assert picture.outside() == []
    chips = [each for each in picture.all("rect", stroke="#31333f") if each.get("fill") == "none"]
    assert len(chips) == len(content["nodes"]["name"]) + 2  # and those in the legend
    assert f"{len(content['nodes']['name'])} parts." in picture.caption
    assert picture.size == picture.paper
    small = drawn(payload, width=900)
    assert small.size[0] == 900
    assert small.paper[0] > 900 or small.paper == small.size
    assert small.outside() == []
    assert len(small.texts) > 0.8 * len(picture.texts)  # smaller letters, but letters


def test_a_token_that_slants_beyond_the_edge_gets_room():
    words = ["<|begin_of_text|>", *[f"token{i}" for i in range(19)]]
    shares = worded(random_shares(2, 2, 20, **FLOAT32), words)
    picture = drawn(flow(shares), cut=Cut(mass=1.0))
    assert picture.size[0] == 1100
    assert picture.outside() == []
    bare = drawn(flow(worded(shares, ["", *words[1:]])), cut=Cut(mass=1.0))
    firsts = [min(float(each.get("cx")) for each in each_one.all("circle")) for each_one in (picture, bare)]
    assert firsts[0] > firsts[1] + 5


def test_a_height_is_kept_and_filled():
    payload = make_payload(random_shares(2, 2, 5, **FLOAT32))
    low, high = (drawn(payload, width=500, height=height) for height in (200, 1000))
    assert (low.size, high.size) == ((500, 200), (500, 1000))
    rows = {float(each.get("cy")) for each in high.all("circle")}
    assert max(rows) - min(rows) > 700
    alone = drawn(payload, height=200)
    assert alone.size[1] == 200
    assert alone.size[0] / 200 == pytest.approx(alone.paper[0] / alone.paper[1], rel=1e-3)


def test_both_themes_have_their_colours():
    payload = make_payload(random_shares(2, 2, 5, **FLOAT32))
    for is_dark, ground, band, ink in (
        (False, "#ffffff", "#f0f2f6", "#31333f"),
        (True, "#0e1117", "#262730", "#fafafa"),
    ):
        picture = drawn(payload, is_dark=is_dark)
        assert picture.all("rect", width="100%", height="100%", fill=ground)
        assert picture.all("rect", fill=band)
        assert {each.get("fill") for each in picture.all("text")} >= {ink, ground}


def test_a_selected_part_is_lit_and_named():
    payload = make_payload(random_shares(2, 2, 5, **FLOAT32))
    plain = drawn(payload, cut=Cut(mass=1.0))
    lit = drawn(payload, cut=Cut(mass=1.0), selected="L1H0@2-4")
    assert len(lit.all("path", stroke=ACCENT)) == len(plain.all("path", stroke=ACCENT)) + 1
    assert lit.caption == f"{plain.caption} Selected: Head L1H0: c (2) → e (4)."
    anatomy = drawn(made_up_payload(), selected="L2H1@13")
    assert anatomy.all("rect", stroke=ACCENT)
    assert anatomy.caption.endswith("Selected: What head 1 writes.")


@pytest.mark.parametrize("name", ["L1H0@4-2", "L9.mlp@0", "nothing", "", "'</script>\u2028"])
@pytest.mark.parametrize("payload", [make_payload(random_shares(2, 2, 5, **FLOAT32)), made_up_payload()])
def test_what_is_not_there_cannot_be_selected(name, payload):
    with pytest.raises(ExportError, match="no part of that name"):
        picture_svg(payload, selected=name)


def test_strange_tokens_stay_text():
    shares = worded(signed(random_shares(2, 2, len(STRANGE), **FLOAT32)), STRANGE)
    svg = picture_svg(flow(shares, run_label="</svg>\x00\x1b"))
    assert "<script" not in svg
    picture = DrawnFile.read(svg)
    visible = map(visible_token, STRANGE)
    assert picture.texts[2 : 2 + len(STRANGE)] == [t if len(t) <= 15 else f"{t[:14]}…" for t in visible]
    assert "</svg>\ufffd\ufffd" in picture.texts
    assert DrawnFile.read(picture_svg(hostile(made_up_payload(), "\x00<b>"))).texts.count("\ufffd<b>") > 5


def test_captions_name_method_and_runs():
    shares = worded(random_shares(3, 4, 7, **FLOAT32), "abcdefg")
    other = edited(shares)
    two = drawn(flow_payload(shares, 6, FlowCaption("run", "prompt", "label"), other=signed(shares)))
    assert ", by Flow: " in two.caption
    assert "By RelP as many; " in two.caption
    caption = FlowCaption("run", "prompt", "label")
    change = drawn(flow_payload(shares, 6, caption, other=other, other_run=OtherRun("edited")))
    assert "edges in base, " in change.caption
    assert change.caption.endswith(" in edited.")
    assert "by Flow (edited run): " in drawn(flow(shares, run_label="edited run")).caption
    assert "adds to ·Mary, in logits." in drawn(made_up_payload()).caption
    assert "rather than ·John" in drawn(made_up_payload(contrast="·John")).caption


def test_pictures_on_one_page_share_no_names():
    payload = make_payload(random_shares(2, 2, 5, **FLOAT32))
    names = [
        {each.get("id") for each in drawn(payload, **options).all("clipPath")}
        for options in ({}, {"is_dark": True}, {"cut": Cut(mass=0.5)})
    ]
    assert all(names)
    assert len(set.union(*names)) == sum(map(len, names))
    assert picture_svg(payload) == picture_svg(payload)


@pytest.mark.parametrize(
    ("payload", "options", "found"),
    [
        (b"", {}, "neither a graph's nor an anatomy's"),
        (b"LTF2....", {}, "neither a graph's nor an anatomy's"),
        (b"LTF1", {}, "Drawing failed: Offset is outside"),
        (made_up_payload()[:2000], {}, "Drawing failed: .* in JSON"),
        (made_up_payload(), {"cut": Cut(density=0.1)}, "Only the flow graph"),
        (made_up_payload(), {"width": 0}, "1 to 30,000 pixels"),
        (made_up_payload(), {"height": 40_000}, "1 to 30,000 pixels"),
    ],
)
def test_what_cannot_be_drawn_says_why(payload, options, found):
    with pytest.raises(ExportError, match=found):
        picture_svg(payload, **options)
    assert picture_svg(made_up_payload())  # and the engine goes on
