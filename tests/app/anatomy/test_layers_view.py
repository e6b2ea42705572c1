"""The picture of layers gets its bytes once, and clicks on it choose."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

import llm_tt
from llm_tt.anatomy.measures import Numbers
from llm_tt.app import cached
from llm_tt.app.anatomy import layers_view
from tests.app.driving import _component, link_of, page_of_link, words


def content_of(page):
    return json.loads(_component(page, "anatomy").proto.bytes[4:])


def click(page, name):
    told = json.dumps({"selection": {"prompt": content_of(page)["prompt"], "part": name, "at": 1}})
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_component(page, "anatomy").proto.id, json_value=told))
    page._run(states)
    assert not page.exception
    return page


def test_the_picture_is_the_librarys(world):
    model, trace, _ = world
    page = page_of_link("anatomy", drawn="2-3", measure="norm", show="3-1-2-4", contrast=" John")
    content = content_of(page)
    graph = llm_tt.anatomy.flow(
        model, trace, [2, 3], contrast=" John", measure="norm", numbers=Numbers(3, 1, 2, 4)
    )
    assert tuple(content["nodes"]["name"]) == graph.names
    assert content["nodes"]["contribution"] == pytest.approx(graph.nodes.contribution.tolist(), abs=1e-3)
    assert content["measure"] == "norm"
    assert content["contrast"] == "·John"


def test_a_newcomer_sees_the_layer_that_adds_most():
    page = page_of_link("anatomy")
    assert not page.exception
    assert content_of(page)["layers"] == [3]
    assert link_of(page) == {}


def test_a_click_opens_a_card_and_stands_in_the_link():
    page = click(page_of_link("anatomy"), "L3H3@13")
    assert "##### L3H3" in words(page)
    assert link_of(page) == {"select": "L3H3@13"}
    click(page, "L3H3.query@13")
    assert "##### L3H3.query" in words(page)
    assert link_of(page) == {"node": "L3H3.query@13"}


def test_the_bytes_are_made_once(monkeypatch):
    cached.kept.clear()
    page = page_of_link("anatomy")
    before = _component(page, "anatomy").proto.bytes
    monkeypatch.setattr(layers_view, "anatomy_payload", lambda *_, **__: pytest.fail("they were made again"))
    click(page, "L3H3@13")
    assert _component(page, "anatomy").proto.bytes == before


def test_the_edited_run_is_dissected_too():
    page = page_of_link("anatomy", edits="ablate:L3H3", dissected="edited", drawn="3")
    assert not page.exception
    content = content_of(page)
    assert content["runLabel"] == "edited"
    names = content["nodes"]["name"]
    assert "L3H3@13" not in names or abs(content["nodes"]["contribution"][names.index("L3H3@13")]) < 1


@pytest.mark.parametrize("family", ["GPT-J", "Mixtral", "OLMo 2"])
def test_other_families_are_drawn(family, save_family):
    page = page_of_link("anatomy", model=str(save_family(family)), prompt="So it is", drawn="0-1")
    assert not page.exception
    assert "That did not work" not in words(page)
    assert content_of(page)["layers"] == [0, 1]


def test_a_part_chosen_elsewhere_brings_its_layer():
    page = page_of_link("anatomy", select="L1H0@13")
    assert content_of(page)["layers"] == [1]
    page.session_state["select"] = "L2.mlp@13"  # as another page does
    page.run()
    assert content_of(page)["layers"] == [2]


def test_a_link_that_names_layers_is_believed():
    page = page_of_link("anatomy", select="L1H0@13", drawn="3")
    assert content_of(page)["layers"] == [3]
    assert "##### L1H0" in words(page)


def test_a_part_of_the_layer_before_is_not_drawn_only_its_state_is():
    assert content_of(page_of_link("anatomy", select="L2H1@13"))["layers"] == [2]
    assert content_of(page_of_link("anatomy", select="L2.post@13"))["layers"] == [3]
    assert content_of(page_of_link("anatomy", select="L2.post@1"))["layers"] == [2]


def test_what_is_chosen_after_a_link_is_followed_too():
    page = page_of_link("anatomy", drawn="3")
    page.session_state["select"] = "L1H0@13"
    page.run()
    assert content_of(page)["layers"] == [1]


def test_a_click_on_the_input_draws_no_other_layer():
    page = click(page_of_link("anatomy"), "L2.post@13")
    page.run()
    assert content_of(page)["layers"] == [3]
    assert "##### L2.post" in words(page)


def test_layers_of_a_search_are_others():
    page = page_of_link("anatomy", layers="1 2")
    assert not page.exception
    page.session_state["layers"] = [0, 1, 2]
    page.run()
    assert not page.exception
    assert content_of(page)["layers"] == [3]
