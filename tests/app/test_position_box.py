"""The menu of positions is the same choice as on the graph."""

from tests.app.driving import link_of, page_of_link, words


def test_another_position_is_another_question():
    page = page_of_link("trace", at="4")
    assert page.selectbox(key="position-box").value == 4
    page.selectbox(key="position-box").set_value(6).run()
    assert link_of(page)["at"] == "6"
    assert "at ·the (6)" in words(page)


def test_the_last_position_is_the_first_choice():
    page = page_of_link("trace")
    assert page.selectbox(key="position-box").value == 13
    assert page.selectbox(key="position-box").format_func(13) == "·to (13)"
    assert "at" not in link_of(page)
