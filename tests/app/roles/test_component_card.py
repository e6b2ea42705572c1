"""The card of what was chosen: numbers, roles with evidence, attention."""

from tests.app.driving import table, words


def test_a_head(open_roles):
    page = open_roles(group="indirect_object", component="L1H0")
    assert "##### L1H0" in words(page)
    assert "**induction head**" in words(page)
    assert "of its attention to what followed it earlier, by chance" in words(page)
    assert len(table(page, "chance")) >= 5
    assert "place" in words(page)


def test_no_role_is_said(open_roles):
    assert "No role found by evidence" in words(open_roles(component="L2H0"))


def test_an_mlp_attends_to_nothing(open_roles):
    page = open_roles(component="L3.mlp")
    assert "##### L3.mlp" in words(page)
    assert "What it attends to" not in words(page)
    assert "No role found" not in words(page)
