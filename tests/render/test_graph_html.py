"""A page of a graph, from the library alone."""

import base64
import json
import re

import pytest

import llm_tt
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.render.graph_html import drawn, notebook_output
from llm_tt.render.standalone_html import ANATOMY, FLOW
from tests.graph.random_shares import random_shares
from tests.render.test_flow_payload import unpacked


@pytest.fixture(scope="module")
def run(tiny_model):
    return tiny_model, llm_tt.capture(tiny_model, "</script><b>")


def test_a_graph_that_was_cut_is_shown_whole(run):
    model, trace = run
    graph = llm_tt.build_graph(llm_tt.attribute(model, trace, "relp", contrast_token=3)).prune(density=0.1)
    picture, payload = drawn(graph)
    header, columns = unpacked(payload)
    assert picture is FLOW
    assert header["cut"] == {"unit": "density", "value": graph.density}
    assert columns["weight"].tolist() == graph.weight.tolist()
    assert header["targetLabel"].endswith(f"{graph.record.explained.value:+.2f}".replace("-", "−"))
    assert header["runLabel"] is None
    whole = unpacked(drawn(build_graph(llm_tt.attribute(model, trace)))[1])[0]
    assert whole["cut"] is None
    assert whole["targetLabel"].endswith("%")


def test_mass_on_the_page_is_that_of_the_whole_graph(run):
    model, trace = run
    graph = llm_tt.build_graph(llm_tt.attribute(model, trace, "relp")).prune(density=0.2)
    header, columns = unpacked(drawn(graph)[1])
    assert float(abs(columns["weight"]).sum()) / header["reachingMass"] == pytest.approx(graph.mass, rel=1e-5)


def test_an_edited_run_is_called_so(run):
    model, _ = run
    edited = llm_tt.run_with_edits(model, "ab", [llm_tt.Ablate.head(0, 0)])
    header = unpacked(drawn(build_graph(llm_tt.attribute(model, edited)))[1])[0]
    assert header["runLabel"] == "edited"
    assert header["edits"] == ["Head L0H0 off (mean) at all positions"]
    picture, payload = drawn(llm_tt.anatomy.flow(model, edited, 0))
    assert picture is ANATOMY
    assert json.loads(payload[4:])["runLabel"] == "edited"


def test_with_the_run_the_page_says_how_states_read_and_what_is_kept(run):
    model, trace = run
    graph = llm_tt.build_graph(llm_tt.attribute(model, trace, "relp"))
    page = llm_tt.graph_html(graph, model, trace, measure=True)
    news = json.loads(re.search(r'openPage\("[^"]+", (\{.*\}), null\);', page)[1])
    last = len(trace.prompt) - 1
    top = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=1).token_strings[0]
    assert news["labels"][f"L{trace.n_layers - 1}.post@{last}"][0].replace("·", " ") == top
    assert news["curve"]["what"] == "the target"
    assert [point["edges"] for point in news["curve"]["points"]] == sorted(
        point["edges"] for point in news["curve"]["points"]
    )
    assert llm_tt.graph_html(graph).count("</script>") == page.count("</script>") == 1
    assert "<title>&lt;/script&gt;&lt;b&gt;</title>" in page


def test_without_the_run_nothing_can_be_measured(run):
    model, trace = run
    graph = llm_tt.build_graph(llm_tt.attribute(model, trace))
    with pytest.raises(ExportError, match="model and the trace are not there"):
        llm_tt.graph_html(graph, measure=True)
    with pytest.raises(ExportError, match="An anatomy has no such measure"):
        llm_tt.graph_html(llm_tt.anatomy.flow(model, trace, 0), model, trace, measure=True)


def test_an_anatomy_is_a_page_by_itself(run):
    model, trace = run
    graph = llm_tt.anatomy.flow(model, trace, [0, 1])
    payload = base64.b64decode(re.search(r'openPage\("([^"]+)"', llm_tt.graph_html(graph))[1])
    assert tuple(json.loads(payload[4:])["nodes"]["name"]) == graph.names


def test_contributions_made_by_hand_are_drawn_without_a_prediction():
    assert "openInNotebook" in notebook_output(build_graph(random_shares(1, 1, 2)))
    assert unpacked(drawn(build_graph(random_shares(1, 1, 2)))[1])[0]["targetLabel"] == ""
