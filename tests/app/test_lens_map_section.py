"""The map of the lens: at once or from the background, and what a click does."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from llm_tt.app import cached
from tests.app.driving import link_of, page_of_link, wait_for_background, words


def map_of(page):
    return next(
        e
        for e in page._tree
        if type(e).__name__ == "UnknownElement" and e.type == "plotly_chart" and "lens-map" in e.proto.id
    )


def click(page, customdata: object):
    """What the browser sends of a click on the map."""
    points = {"selection": {"points": [{"customdata": customdata}], "point_indices": [0]}}
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=map_of(page).proto.id, string_value=json.dumps(points)))
    return page._run(states)


def test_a_click_chooses_the_state_and_its_position():
    page = click(page_of_link("trace"), "L2.post@9")
    assert not page.exception
    assert link_of(page) == {"at": "9", "select": "L2.post@9"}
    assert "##### Layer 2 at ·John (9)" in words(page)


@pytest.mark.parametrize("sent", ["L9.post@3", "nonsense", None, ["L"], {"a": 1}])
def test_whatever_else_a_browser_sends_is_passed_over(sent):
    page = click(page_of_link("trace"), sent)
    assert not page.exception
    assert "select" not in link_of(page)


def test_much_work_is_done_in_the_background(monkeypatch):
    monkeypatch.setattr(cached, "QUICK_GRID", 0)
    page = page_of_link("trace", prompt="In the background, then.", model="untrained")
    assert not page.exception
    wait_for_background()
    page.run()
    assert map_of(page)
