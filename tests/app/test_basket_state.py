"""The list of interventions: the same on all pages, in the address, with a way back."""

from tests.app.driving import FAILED, link_of, page_of_link, words

TWO = "ablate:L2H1;scale:L2.mlp:0.5:p=13"


def switches(page) -> list[bool]:
    return [toggle.value for toggle in page.toggle if "-on" in (toggle.key or "")]


def test_a_newcomer_has_none():
    page = page_of_link(model="untrained")
    assert "Interventions" not in words(page)
    assert "edits" not in link_of(page)


def test_a_link_brings_them_along():
    page = page_of_link(edits=TWO)
    assert not page.exception
    assert switches(page) == [True, True]
    assert "2 on" in words(page)
    assert link_of(page)["edits"] == TWO


def test_a_damaged_link_is_said_once_and_the_page_goes_on():
    page = page_of_link(edits="ablate:L2H1;nonsense", model="untrained")
    assert not page.exception
    assert words(page).count(FAILED) == 1
    assert "Entry 2" in words(page)
    assert any(getattr(element, "key", None) == "flow" for element in page._tree)
    page.run()
    assert FAILED not in words(page)
    assert "edits" not in link_of(page)


def test_what_was_changed_can_be_brought_back():
    page = page_of_link(edits=TWO)
    assert page.button(key="undo").disabled
    page.button(key="edit0-delete").click().run()
    assert link_of(page)["edits"] == "scale:L2.mlp:0.5:p=13"
    page.button(key="clear-basket").click().run()
    assert "edits" not in link_of(page)
    assert "No interventions" in words(page)
    page.button(key="undo").click().run()
    page.button(key="undo").click().run()
    assert link_of(page)["edits"] == TWO
    assert page.button(key="undo").disabled


def test_a_list_that_is_too_long_for_a_link_says_so():
    many = ";".join(f"ablate:L{layer}N{neuron}" for layer in range(4) for neuron in range(40))
    page = page_of_link(edits=many)
    assert not page.exception
    assert "save them as a file" in words(page)
    assert "edits" not in link_of(page)
    assert len(switches(page)) == 160
