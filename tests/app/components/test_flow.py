"""The bridge to the browser: bytes go in, clicks come out, and those of another prompt are passed over."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from llm_tt.render import flow_view


def script(told: list[object]) -> None:
    from llm_tt.app.components.flow import draw_flow, send_news

    draw_flow(
        b"bytes",
        prompt="this prompt",
        on_part=lambda part: told.append(("part", part)),
        on_position=lambda position: told.append(("position", position)),
        on_file=lambda request: told.append(("file", request)),
    )
    send_news({"pending": True, "labels": {"embed@0": ["<b>"]}})


@pytest.fixture
def bridge():
    """A page with the graph, what it was told, and a function that sends the component's state."""
    told: list[object] = []
    page = AppTest.from_function(script, kwargs={"told": told}).run()
    assert not page.exception

    def send(**state: object) -> list[object]:
        states = page._tree.get_widget_states()
        states.widgets.append(WidgetState(id=proto_of(page, "flow").id, json_value=json.dumps(state)))
        page._run(states)
        assert not page.exception
        return told

    return page, told, send


def proto_of(page: AppTest, key: str):
    return next(element.proto for element in page._tree if getattr(element, "key", None) == key)


def test_the_graph_gets_its_bytes_and_our_modules(bridge):
    page, told, _ = bridge
    graph = proto_of(page, "flow")
    assert graph.bytes == b"bytes"
    assert graph.js_content.startswith(flow_view.module())
    assert graph.js_content.count("export default function") == 1
    assert graph.css_content == flow_view.stylesheet()
    assert told == []


def test_the_courier_brings_news_and_shows_nothing(bridge):
    page, _, _ = bridge
    courier = proto_of(page, "flow_news")
    assert json.loads(courier.json) == {"pending": True, "labels": {"embed@0": ["<b>"]}}
    assert "display: none" in courier.css_content


def test_what_is_clicked_is_told_once(bridge):
    _, _, send = bridge
    selection = {"prompt": "this prompt", "part": "L1.mlp@3", "at": 1}
    assert send(selection=selection) == [("part", "L1.mlp@3")]
    target = {"prompt": "this prompt", "position": 3, "at": 2}
    assert send(selection=selection, target=target) == [("part", "L1.mlp@3"), ("position", 3)]
    assert len(send(selection=selection, target=target)) == 2
    assert send(selection={**selection, "at": 3}, target=target)[2:] == [("part", "L1.mlp@3")]


def test_taking_a_selection_back_is_told(bridge):
    _, _, send = bridge
    assert send(selection={"prompt": "this prompt", "part": None, "at": 1}) == [("part", None)]


@pytest.mark.parametrize(
    "sent",
    [
        {"prompt": "another prompt", "part": "L1.mlp@3", "position": 3},
        {"part": "L1.mlp@3"},
        "text",
        7,
        [1],
        None,
    ],
)
def test_what_is_not_about_this_prompt_is_passed_over(bridge, sent):
    _, _, send = bridge
    assert send(selection=sent, target=sent) == []
