"""The difference as a file, asked for in the browser."""

import json
from base64 import b64decode

import pytest

from tests.app.comparison.comparing import compare_page, difference_of, has, proto_of, send
from tests.app.driving import words


def ask(page, format, **view):
    request = {"format": format, "view": view, "at": 7}
    return send(page, "difference-graph", "file", prompt=difference_of(page)["prompt"], request=request, at=7)


@pytest.mark.parametrize(("format", "begins"), [("html", b"<!doctype html>"), ("csv", b'"part","kind"')])
def test_files(format, begins):
    page = ask(
        compare_page(compare_view="difference"), format, cut={"unit": "density", "value": 0.02}, pins=[]
    )
    assert not page.exception
    sent = json.loads(proto_of(page, "file").json)
    assert sent["name"] == f"difference-relp.{format}"
    assert b64decode(sent["content"]).startswith(begins)


def test_the_table_has_the_edges_of_the_slider():
    import llm_tt
    from tests.app.comparison.comparing import FIRST, OTHER

    model = llm_tt.load_model("small-world")
    both = llm_tt.compare(llm_tt.explain(model, FIRST, "relp"), llm_tt.explain(model, OTHER, "relp"))
    page = ask(compare_page(compare_view="difference"), "csv", cut={"unit": "threshold", "value": 2.0})
    lines = b64decode(json.loads(proto_of(page, "file").json)["content"]).decode().splitlines()
    assert len(lines) == 1 + both.difference(2.0).is_drawn.sum()


def test_another_format_is_refused():
    page = ask(compare_page(compare_view="difference"), "exe")
    assert "no such format" in words(page)
    assert json.loads(proto_of(page, "file").json)["content"] is None
    assert has(page, "difference-graph")
