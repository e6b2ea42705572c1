"""The Compare page as a whole, driven without a browser."""

from tests.app.driving import link_of, page_of_link


def test_a_link_opens_it():
    page = page_of_link("compare", b_prompt="Anne sat")
    assert not page.exception
    assert link_of(page) == {"b_prompt": "Anne sat"}
