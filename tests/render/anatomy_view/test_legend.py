"""The legend: in narrow windows what is less important gives way."""

import pytest

from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES

THEME = {
    "ink": "#31333f",
    "positive": "#1f6fb5",
    "negative": "#d4500a",
    "plain": {"band": "#f4f4f1", "background": "#ffffff", "ink": "#31333f"},
}


def said(ask_node, width: int, shape: str = "one layer") -> list[str]:
    """The words from left to right, those of the scale left out."""
    payload = made_up_payload(SHAPES[shape])
    (words,) = ask_node(payload, {"ask": "legend", "width": width, "theme": THEME})
    return words[words.index("last") + 1 :]


def test_where_there_is_room_all_of_it_is_said(ask_node):
    words = said(ask_node, 1100)
    assert words[:3] == ["for", "against", "residual"]
    assert words[3].endswith(" logits")
    assert words[-1] == "bar: how decided"
    assert said(ask_node, 1100, "attention")[:2] == ["attention", "residual"]


@pytest.mark.parametrize("width", range(320, 1100, 20))
def test_what_gives_way_is_the_end(width, ask_node):
    words = said(ask_node, width)
    assert words == said(ask_node, 1100)[: len(words)]


def test_on_a_telephone_both_signs_are_there(ask_node):
    assert said(ask_node, 388)[:2] == ["for", "against"]
