"""The row of controls: what occurs can be chosen, and what is chosen is in the address."""

from llm_tt.app.roles.asked import ALL, NOTHING
from tests.app.driving import link_of, menu_of, menus_of, page_of_link, words


def test_groups_and_their_difference(open_roles):
    page = open_roles()
    assert menu_of(page, "group").options == [ALL, "Indirect object", "Capital"]
    menu_of(page, "group").set_value("capital").run()
    assert menu_of(page, "without").options == [NOTHING, "Indirect object"]
    menu_of(page, "without").set_value("indirect_object").run()
    assert "capital (10 prompts) minus indirect_object (10)" in words(page)
    assert link_of(page)["group"] == "capital"
    assert link_of(page)["without"] == "indirect_object"


def test_a_link_is_believed_as_far_as_it_can_be(open_roles):
    page = open_roles(group="capital", map="subject")
    assert menu_of(page, "group").value == "capital"
    assert menu_of(page, "map").value == "subject"
    page = open_roles(group="<b>", map="poetry", without="?")
    assert menu_of(page, "group").value == ALL
    assert menu_of(page, "map").value == "share"


def test_attention_is_offered_to_what_occurs(open_roles):
    offered = menu_of(open_roles(), "map").options
    assert offered[:2] == ["Share", "Contribution"]
    assert "Attention to a mention of the answer" in offered


def test_one_group_and_one_method_have_no_menus():
    page = page_of_link("roles", **{"prompts-from": "file"})
    page.file_uploader(key="roles-upload").upload("mine.txt", b"The capital of France is", "text/plain").run()
    assert not page.exception
    assert "map" in menus_of(page)
    assert menus_of(page).keys().isdisjoint({"group", "without", "roles-method"})
