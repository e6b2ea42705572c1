"""The map of heads and MLPs on a page: what it says, and what a click does."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from llm_tt.anatomy.model_overview import model_overview
from llm_tt.app.cached import kept, open_model
from llm_tt.model.spec import ModelSpec
from tests.app.anatomy.one_section import section_of_link
from tests.app.driving import choice_of, link_of, words


def map_of(page):
    return next(
        e
        for e in page._tree
        if type(e).__name__ == "UnknownElement"
        and e.type == "plotly_chart"
        and "model-overview" in e.proto.id
    )


def drawn(page):
    return json.loads(map_of(page).proto.spec)


def click(page, customdata: object):
    """What the browser sends of a click on the map."""
    points = {"selection": {"points": [{"customdata": customdata}], "point_indices": [0]}}
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=map_of(page).proto.id, string_value=json.dumps(points)))
    return page._run(states)


def test_it_says_how_everything_adds_up(world):
    page = section_of_link("overview")
    assert not page.exception
    found = model_overview(*world)
    said = words(page).replace("\N{MINUS SIGN}", "-")
    assert f"together the target's logit, {found.whole:+.2f}, before any cap." in said
    for name, amount in (
        ("Embedding", found.embedding),
        ("attention", found.contributions[:, :-1].sum()),
        ("MLPs", found.contributions[:, -1].sum()),
        ("constant", found.constant),
    ):
        assert f"{name} {amount:+.2f}" in said


def test_the_layers_of_the_graph_are_framed():
    (frame,) = drawn(section_of_link("overview"))["layout"]["shapes"]
    assert (frame["y0"], frame["y1"]) == (0.5, 2.5)


@pytest.mark.parametrize("name", ["L2H1@13", "L0.mlp@13", "L3.post@13"])
def test_a_click_hands_the_part_on(name):
    page = click(section_of_link("overview"), name)
    assert not page.exception
    assert page.session_state["opened"] == link_of(page)["select"] == name


@pytest.mark.parametrize("sent", ["L9H0@13", "L2H9@13", "L2H1@99", "nonsense", None, ["L"], {"a": 1}])
def test_whatever_else_a_browser_sends_is_passed_over(sent):
    page = click(section_of_link("overview"), sent)
    assert not page.exception
    assert "opened" not in page.session_state


def test_lengths_are_shown_when_they_are_asked_for(world):
    page = section_of_link("overview")
    before = drawn(page)["data"][0]
    choice_of(page, "model-overview-value").set_value("norm").run()
    assert not page.exception
    after = drawn(page)["data"][0]
    assert before["zmin"] == -before["zmax"] and after["zmin"] == 0
    assert after["zmax"] == pytest.approx(model_overview(*world).norms.max())


@pytest.mark.parametrize("family", ["GPT-J", "Mixtral", "Gemma 2"])
def test_other_families_have_it_too(family, save_family):
    page = section_of_link("overview", model=str(save_family(family)), prompt="Some words.")
    assert not page.exception
    assert "together the target's logit" in words(page)
    assert drawn(page)["layout"]["yaxis"]["range"] == [-0.5, 1.5]


def test_without_the_lens_it_says_so(monkeypatch, without_lens):
    page = section_of_link("overview", model="untrained", prompt="Without.")
    assert "together the target's logit" in words(page)
    kept.clear()
    without_lens(open_model(ModelSpec("untrained")))
    page.run()
    assert not page.exception
    assert "The logit lens is switched off" in words(page)
