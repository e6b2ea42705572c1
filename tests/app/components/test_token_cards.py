"""A list of cards: what is drawn goes to the browser as data, and only its own cards can be chosen."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def script(told: list[str]) -> None:
    from llm_tt.app.components.token_cards import show_token_cards
    from llm_tt.render.token_cards import Chip, TokenCard

    cards = [
        TokenCard(name, name, "<i>", "", (Chip("<b>", 0.5, is_marked=True),), 1.0, "2.0")
        for name in ("a", "b")
    ]
    show_token_cards(cards, key="list", chosen="b", on_choose=told.append)


@pytest.fixture
def page_and_told():
    told: list[str] = []
    return AppTest.from_function(script, kwargs={"told": told}).run(), told


def list_of(page: AppTest):
    return next(element.proto for element in page._tree if getattr(element, "key", None) == "list")


def send(page: AppTest, choose: object) -> None:
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=list_of(page).id, json_value=json.dumps({"choose": choose})))
    page._run(states)
    assert not page.exception


def test_cards_go_to_the_browser_as_data(page_and_told):
    page, told = page_and_told
    sent = json.loads(list_of(page).json)
    assert [card["key"] for card in sent["cards"]] == ["a", "b"]
    assert sent["cards"][0]["chips"] == [{"text": "<b>", "share": 0.5, "is_marked": True, "hint": ""}]
    assert sent["chosen"] == "b"
    assert "innerHTML" not in list_of(page).js_content
    assert told == []


def test_a_click_is_told_once(page_and_told):
    page, told = page_and_told
    send(page, {"card": "a", "at": 1})
    send(page, {"card": "a", "at": 1})
    assert told == ["a"]
    send(page, {"card": "a", "at": 2})
    assert told == ["a", "a"]


@pytest.mark.parametrize("sent", [{"card": "c"}, {"card": 7}, {}, "a", 7, None, ["a"]])
def test_what_is_no_card_of_this_list_is_passed_over(page_and_told, sent):
    page, told = page_and_told
    send(page, sent)
    assert told == []
