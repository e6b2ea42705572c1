"""A person's corrections of the alignment: made by clicks, kept in the link, taken back."""

import json

from tests.app.comparison.comparing import LONGER, compare_page, link, proto_of, send
from tests.app.driving import FAILED, words


def rows_of(page):
    return json.loads(proto_of(page, "alignment-rows").json)


def test_a_pair_is_kept_and_taken_back():
    page = compare_page(b_prompt=LONGER)
    send(page, "alignment-rows", "pair", prompt=rows_of(page)["name"], pair=[9, None], at=1)
    assert link(page)["pairs"] == "9-"
    columns = rows_of(page)["columns"]
    assert next(column for column in columns if column["isCorrected"])["sides"] == [
        {"text": "·John", "position": 9},
        None,
    ]
    page.button(key="reset-pairs").click().run()
    assert "pairs" not in link(page)


def test_what_cannot_be_is_said_and_not_kept():
    page = compare_page(b_prompt=LONGER)
    send(page, "alignment-rows", "pair", prompt=rows_of(page)["name"], pair=[13, 3], at=1)
    assert "what is explained" in words(page)
    assert "pairs" not in link(page)
    for nonsense in ("x", [1], [None, None], [1.5, 2], {"a": 1}):
        send(page, "alignment-rows", "pair", prompt=rows_of(page)["name"], pair=nonsense, at=2)
        assert not page.exception
        assert "pairs" not in link(page)


def test_a_damaged_link_is_said_once():
    page = compare_page(b_prompt=LONGER, pairs="3-4,4-3")
    assert FAILED in words(page) or "crosses" in words(page)
    page.run()
    assert "crosses" not in words(page)
    assert "pairs" not in link(page)
