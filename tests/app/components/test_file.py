"""A file for the browser: its content in letters, and a name for the asking."""

import base64
import json

from streamlit.testing.v1 import AppTest


def script() -> None:
    from llm_tt.app.components.file import send_file

    send_file(b"\x00<b>", name="x.json", mime="application/json", request="17")


def empty() -> None:
    from llm_tt.app.components.file import send_no_file

    send_no_file("18")


def test_there_may_be_none():
    page = AppTest.from_function(empty).run()
    proto = next(element.proto for element in page._tree if getattr(element, "key", None) == "file")
    assert json.loads(proto.json) == {"id": "18", "content": None}


def test_it_travels_whole_and_says_what_it_answers():
    page = AppTest.from_function(script).run()
    assert not page.exception
    proto = next(element.proto for element in page._tree if getattr(element, "key", None) == "file")
    told = json.loads(proto.json)
    assert base64.b64decode(told.pop("content")) == b"\x00<b>"
    assert told == {"id": "17", "name": "x.json", "mime": "application/json"}
    assert "display: none" in proto.css_content
