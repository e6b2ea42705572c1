"""The rows of an alignment get plain values; tokens stay data."""

import json

from streamlit.testing.v1 import AppTest

from tests.app.components.test_flow import proto_of


def script() -> None:
    from llm_tt.app.components.alignment import show_alignment_rows

    show_alignment_rows(
        {"columns": [{"sides": [{"text": "<b>", "position": 0}, None]}]},
        name="this",
        on_pair=lambda pair: None,
    )


def test_rows():
    page = AppTest.from_function(script).run()
    assert not page.exception
    rows = proto_of(page, "alignment-rows")
    assert json.loads(rows.json) == {
        "columns": [{"sides": [{"text": "<b>", "position": 0}, None]}],
        "name": "this",
    }
    assert "innerHTML" not in rows.js_content
