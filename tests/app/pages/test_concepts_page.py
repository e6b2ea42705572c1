"""The page as a whole: its views, its address, and models whose neurons cannot be read."""

import pytest

from tests.app.driving import choice_of, link_of, page_of_link, words


@pytest.mark.parametrize("view", ["search", "clusters", "weights", "notes"])
def test_every_view_opens_from_its_link(view):
    page = page_of_link("concepts", concepts=view)
    assert not page.exception
    assert "That did not work" not in words(page)
    assert choice_of(page, "concepts").value == view
    assert link_of(page).get("concepts", "search") == view


def test_an_unknown_view_is_the_search():
    page = page_of_link("concepts", concepts="nothing")
    assert not page.exception
    assert choice_of(page, "concepts").value == "search"


def test_the_inspector_reads_what_is_chosen_whatever_the_view():
    page = page_of_link("concepts", concepts="notes", select="L2H1@13")
    assert "##### L2H1" in words(page)
    choice_of(page, "concepts").set_value("weights").run()
    assert page.selectbox(key="head-layer").value == 2
