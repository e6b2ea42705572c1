"""Both graphs or one: what is drawn, what a click chooses, and what comes later."""

import json

from tests.app.comparison.comparing import (
    LONGER,
    compare_page,
    difference_of,
    has,
    link,
    proto_of,
    send,
    sides_of,
)
from tests.app.driving import FAILED, wait_for_background, words


def test_both_graphs_and_the_difference():
    page = compare_page()
    assert FAILED not in words(page)
    assert sides_of(page)["oneUnit"] is True
    assert not has(page, "difference-graph")
    page = compare_page(compare_view="difference")
    assert difference_of(page)["tokens"][9] == "·John | ·Mary"
    assert not has(page, "sides-graph")


def test_a_click_selects_in_both_and_is_in_the_link():
    page = compare_page()
    name = sides_of(page)["name"]
    send(page, "sides-graph", "selection", prompt=name, part="L2H1@13", at=1)
    assert not page.exception
    assert page.session_state["both"] == "L2H1@13"
    assert "Promoted tokens" in words(page)
    send(page, "sides-graph", "selection", prompt="another", part="L0H1@13", at=2)
    assert page.session_state["both"] == "L2H1@13"
    send(page, "sides-graph", "selection", prompt=name, part=None, at=3)
    assert page.session_state["both"] is None


def test_another_column_is_another_prediction_of_both():
    page = compare_page(b_prompt=LONGER, compare_view="difference")
    send(page, "difference-graph", "target", prompt=difference_of(page)["prompt"], position=8, at=1)
    assert not page.exception
    assert page.session_state["at"] == 7  # column 8 is A's position 7
    assert link(page)["at"] == "7"
    assert difference_of(page)["targetPosition"] == 8


def test_a_column_of_the_other_prompt_alone_changes_nothing():
    page = compare_page(b_prompt=LONGER, compare_view="difference")
    send(page, "difference-graph", "target", prompt=difference_of(page)["prompt"], position=7, at=1)
    assert not page.exception
    assert difference_of(page)["targetPosition"] == 14


def test_how_nodes_read_comes_later():
    page = compare_page(b_prompt=LONGER)
    wait_for_background()
    page.run()
    wait_for_background()
    page.run()
    news = json.loads(proto_of(page, "flow_news").json)
    assert news["pending"] is False
    assert news["prompt"] == sides_of(page)["name"]
    assert news["sides"][0]["L3.post@13"][0] == "·Mary"
    assert news["sides"][1]["L3.post@14"][0] == "·John"
    assert news["labels"]["L3.post@14"][:1] == ["·Mary"]
    assert "→" in news["labels"]["L3.post@14"]


def test_other_units_are_drawn_as_two_methods():
    page = compare_page(b_prompt="", b_method="ifr", compare_view="difference")
    assert difference_of(page)["other"]["run"] is None
    assert "different units" in words(page)


def test_two_models_of_one_tokenizer(save_family):
    models = {"model": str(save_family("GPT-2")), "b_model": str(save_family("Llama, with biases"))}
    page = compare_page(b_prompt="", prompt="abcd", compare_view="difference", **models)
    assert FAILED not in words(page)
    told = difference_of(page)
    assert (told["runLabel"], told["other"]["label"]) == ("gpt-2", "…lama-with-biases")


def test_two_models_of_other_sizes_stand_side_by_side(save_family):
    models = {"model": str(save_family("GPT-2")), "b_model": str(save_family("GPT-NeoX"))}
    page = compare_page(b_prompt="", prompt="abcd", **models)
    assert FAILED not in words(page)
    assert sides_of(page)["oneUnit"] is False
    page = compare_page(b_prompt="", prompt="abcd", compare_view="difference", **models)
    assert "their edges are not the same ones" in words(page)
    assert "In numbers" in words(page)
