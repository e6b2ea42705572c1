"""The bridge to the browser: bytes go in, clicks come out, and what was chosen elsewhere needs no bytes."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from llm_tt.render import anatomy_view


def script(told: list[object], chosen: dict[str, object]) -> None:
    from llm_tt.app.components.anatomy import draw_anatomy

    draw_anatomy(b"bytes", prompt="this prompt", on_node=told.append, **chosen)


@pytest.fixture
def bridge():
    """A page with the picture, what it was told, what is chosen, and a function that sends its state."""
    told: list[object] = []
    chosen: dict[str, object] = {"chosen": None, "times": 0}
    page = AppTest.from_function(script, kwargs={"told": told, "chosen": chosen}).run()
    assert not page.exception

    def send(**state: object) -> list[object]:
        states = page._tree.get_widget_states()
        states.widgets.append(WidgetState(id=proto_of(page, "anatomy").id, json_value=json.dumps(state)))
        page._run(states)
        assert not page.exception
        return told

    return page, told, chosen, send


def proto_of(page: AppTest, key: str):
    return next(element.proto for element in page._tree if getattr(element, "key", None) == key)


def test_the_picture_gets_its_bytes_and_our_modules(bridge):
    page, told, _, _ = bridge
    picture = proto_of(page, "anatomy")
    assert picture.bytes == b"bytes"
    assert picture.js_content.startswith(anatomy_view.module())
    assert picture.js_content.count("export default function") == 1
    assert picture.css_content == anatomy_view.stylesheet()
    assert told == []


def test_what_is_chosen_elsewhere_travels_without_the_bytes(bridge):
    page, _, chosen, _ = bridge
    before = proto_of(page, "anatomy").SerializeToString()
    chosen |= {"chosen": "L2H1@13", "times": 1}
    page.run()
    courier = proto_of(page, "anatomy_chosen")
    assert json.loads(courier.json) == {"prompt": "this prompt", "chosen": "L2H1@13", "times": 1}
    assert "display: none" in courier.css_content
    assert proto_of(page, "anatomy").SerializeToString() == before


def test_what_is_clicked_is_told_once(bridge):
    _, _, _, send = bridge
    selection = {"prompt": "this prompt", "part": "L2N33@13", "at": 1}
    assert send(selection=selection) == ["L2N33@13"]
    assert send(selection=selection) == ["L2N33@13"]
    assert send(selection={**selection, "part": None, "at": 2}) == ["L2N33@13", None]


@pytest.mark.parametrize(
    "sent", [{"prompt": "another prompt", "part": "L2N33@13"}, {"part": "L2N33@13"}, "text", 7, [1], None]
)
def test_what_is_not_about_this_prompt_is_passed_over(bridge, sent):
    _, _, _, send = bridge
    assert send(selection=sent) == []
