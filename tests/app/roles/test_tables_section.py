"""The tables: each has what the library says, and how sure it is stands below all of them."""

import pytest

from llm_tt.app.roles.tables_section import TABLES
from tests.app.driving import link_of, table, words


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_opens_from_its_link(open_roles, name):
    page = open_roles(**{"roles-table": name})
    assert link_of(page).get("roles-table", "roles") == name
    assert "two halves of them" in words(page)
    assert page.expander[-1].label == "How sure is this?"


def test_roles_stand_with_their_evidence_and_what_a_name_takes(open_roles):
    page = open_roles(group="indirect_object")
    roles = table(page, "role").set_index("head")["role"].to_dict()
    assert roles["L0H0"] == "previous-token head"
    assert roles["L1H0"] == "induction head"
    assert "A name needs attention" in words(page)


def test_the_strongest_come_first(open_roles):
    shares = list(table(open_roles(**{"roles-table": "parts"}), "share 95 %")["share %"])
    assert len(shares) == 20
    assert shares == sorted(shares, reverse=True)


def test_neurons_and_messages(open_roles):
    assert table(open_roles(**{"roles-table": "neurons"}), "in %")["part"].str.contains("N").all()
    messages = table(open_roles(**{"roles-table": "messages"}), "in graphs %")
    assert messages["in graphs %"].between(0, 100).all()


def test_differences_have_a_table(open_roles):
    page = open_roles(**{"roles-table": "parts", "group": "capital", "without": "indirect_object"})
    sizes = table(page, "sure")["share %"].abs()
    assert sizes.is_monotonic_decreasing
