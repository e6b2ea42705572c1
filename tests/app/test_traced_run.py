"""The row of controls that Trace and Anatomy share: each keeps its own run."""

import pytest

from tests.app.driving import choice_of, choices_of, link_of, page_of_link


@pytest.mark.parametrize(("page", "key"), [("trace", "traced"), ("anatomy", "dissected")])
def test_position_and_run_are_asked_and_kept(page, key):
    opened = page_of_link(page, edits="ablate:L2H1", at="9", **{key: "edited"})
    assert not opened.exception
    assert opened.selectbox(key="position-box").value == 9
    assert choice_of(opened, key).value == "edited"
    assert link_of(opened)[key] == "edited"


@pytest.mark.parametrize("page", ["trace", "anatomy"])
def test_without_interventions_there_is_one_run(page):
    opened = page_of_link(page)
    assert choices_of(opened).keys().isdisjoint({"traced", "dissected"})
