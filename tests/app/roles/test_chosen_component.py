"""What was clicked: the first of all until then, and nothing that these rows do not know."""

from tests.app.driving import link_of, words


def test_the_strongest_until_another_is_chosen(open_roles):
    page = open_roles()
    assert "##### L0H2" in words(page)
    assert "component" not in link_of(page)
    page = open_roles(component="L2H1")
    assert "##### L2H1" in words(page)
    assert link_of(page)["component"] == "L2H1"


def test_what_is_not_there_is_passed_over(open_roles):
    assert "##### L0H2" in words(open_roles(component="L99H1<b>"))
