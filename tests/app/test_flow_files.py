"""Files of the graph: what the browser asks for is made from what is on the screen."""

import base64
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import llm_tt
from llm_tt.app import flow_parts
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.settings import SETTINGS_VARIABLE, bundled
from tests.app.driving import _component, click, graph_of, has_graph, page_of_link, wait_for_background, words

PROMPT = "The capital of Japan is the city of"
CUT = {"unit": "density", "value": 0.05}


def asked(page: AppTest, format: object, at: int = 1, **view: object) -> AppTest:
    return click(page, "file", request={"format": format, "view": {"cut": CUT, **view}, "at": at})


def file_of(page: AppTest) -> tuple[str, bytes]:
    data = json.loads(_component(page, "file").proto.json)
    return data["name"], base64.b64decode(data["content"])


def expected(density: float = 0.05, **options: object) -> FlowGraph:
    model = llm_tt.load_model("small-world")
    shares = llm_tt.attribute(model, llm_tt.capture(model, PROMPT), "relp", **options)
    return llm_tt.build_graph(shares).prune(density=density)


@pytest.fixture
def page():
    return page_of_link("flow", prompt=PROMPT, method="relp", contrast=" Paris")


def test_the_file_is_the_graph_at_the_cut_of_the_slider(page, tmp_path):
    name, content = file_of(asked(page, "json"))
    assert name == "flow-relp-position-7.json"
    (tmp_path / name).write_bytes(content)
    graph = FlowGraph.load(tmp_path / name)
    ours = expected(contrast_token=" Paris")
    assert graph.weight.tolist() == ours.weight.tolist()
    assert graph.record == ours.record
    _, content = file_of(asked(page, "json", at=2, cut={"unit": "threshold", "value": 1.0}))
    assert json.loads(content)["edges"]["survival"] and min(json.loads(content)["edges"]["survival"]) >= 1.0


def test_a_page_has_all_edges_and_begins_as_the_screen_is(page):
    wait_for_background()
    _, content = file_of(asked(page, "html", selected="L3H3@3-7", pins=["L2.post@7"]))
    text = content.decode()
    assert '"cut": {"unit": "density", "value": 0.05}' in text
    assert '"selected": "L3H3@3-7"' in text
    assert '"points": [{' in text  # what was measured by now
    payload = base64.b64decode(text.partition('openPage("')[2].partition('"')[0])
    header = json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
    assert header == graph_of(page)


def test_a_persons_own_names_go_with_the_page(page, monkeypatch):
    monkeypatch.setattr(flow_parts, "names_of", lambda *_: {"L3H3": "mover"})
    _, content = file_of(asked(page, "html"))
    assert '"names": {"L3H3": "mover"}' in content.decode()


def test_a_script_says_what_was_asked(page):
    _, content = file_of(asked(page, "py"))
    for line in ("graph.prune(density=0.05)", "'relp'", "# explains ' Tokyo' against ' Paris'", repr(PROMPT)):
        assert line in content.decode()


@pytest.mark.parametrize(
    ("run", "of_data", "of_page"),
    [
        ("base", "flow-relp-position-7.json", "flow-relp-position-7.html"),
        ("edited", "flow-relp-position-7-edited.json", "flow-relp-position-7-edited.html"),
        ("difference", "flow-relp-position-7-base.json", "flow-relp-position-7-base-to-edited.html"),
    ],
)
def test_the_name_says_which_run_the_file_is_of(run, of_data, of_page):
    page = page_of_link("flow", prompt=PROMPT, method="relp", edits="ablate:L3H3", run=run)
    name, content = file_of(asked(page, "json"))
    assert name == of_data
    assert json.loads(content)["edited"] is (run == "edited")
    name, content = file_of(asked(page, "html", at=2))
    assert name == of_page


def test_a_file_is_handed_over_once(page):
    asked(page, "csv")
    page.run()
    with pytest.raises(StopIteration):
        _component(page, "file")


@pytest.mark.parametrize("format", ["exe", None, 3, {"a": 1}])
def test_another_format_is_refused_and_the_page_stays(page, format):
    asked(page, format)
    assert not page.exception
    assert "There is no such format" in words(page)
    assert has_graph(page)


@pytest.mark.parametrize("told", ["x", None, {"format": "json"}, {"format": "json", "view": []}])
def test_what_is_no_request_does_no_harm(page, told):
    click(page, "file", request=told)
    assert not page.exception
    assert has_graph(page)


@pytest.mark.parametrize(
    "cut", [None, "x", {}, {"unit": "magic", "value": 1}, {"unit": "mass", "value": "x"}]
)
def test_without_a_cut_it_is_the_whole_graph(page, cut):
    _, content = file_of(asked(page, "json", cut=cut))
    assert len(json.loads(content)["edges"]["weight"]) == expected(1.0).n_candidates


def test_a_cut_that_means_nothing_is_said(page):
    asked(page, "json", cut={"unit": "density", "value": -1})
    assert "Thin the graph with density=-1.0." in words(page)
    assert has_graph(page)


def test_visitors_do_not_hear_where_a_folder_of_the_server_is(tmp_path, monkeypatch):
    folder = Path(llm_tt.__file__).parent / "smallworld" / "weights"
    offered = f'[[models]]\nname = "ours"\nsource = "{folder}"\n'
    hosted = bundled("config/hosted.toml").read_text(encoding="utf-8")
    (tmp_path / "hosted.toml").write_text(f"{hosted}\n{offered}", encoding="utf-8")
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "hosted.toml"))
    page = page_of_link("flow", prompt=PROMPT, method="relp", model="ours")
    for at, format in enumerate(("json", "graphml", "csv", "parquet", "circuit-tracer", "eap", "py", "html")):
        _, content = file_of(asked(page, format, at=at))
        assert b"smallworld" not in content
        assert str(folder.parent).encode() not in content
        if format in ("json", "graphml", "py"):
            assert b"ours" in content


@pytest.mark.parametrize("problem", [MemoryError("no room"), OSError("gone")])
def test_nobody_waits_for_a_file_that_did_not_come(page, monkeypatch, problem):
    def fail(*_):
        raise problem

    monkeypatch.setattr("llm_tt.app.flow_files.graph_bytes", fail)
    asked(page, "json")
    assert json.loads(_component(page, "file").proto.json)["content"] is None
    assert "did not foresee" in words(page)


def test_a_file_that_cannot_be_sent_is_said(page, monkeypatch):
    monkeypatch.setattr("llm_tt.app.flow_files.LARGEST", 1000)
    asked(page, "json")
    assert json.loads(_component(page, "file").proto.json)["content"] is None
    assert "can hand over 1,000" in words(page)
    assert has_graph(page)
