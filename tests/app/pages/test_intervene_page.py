"""The Intervene page as a whole, driven without a browser."""

from llm_tt.app.pages.intervene_page import ALL_OFF, NOTHING_YET
from tests.app.driving import FAILED, link_of, page_of_link, words


def test_without_interventions_a_newcomer_is_told_how():
    page = page_of_link("intervene")
    assert not page.exception
    assert [info.value for info in page.info] == [NOTHING_YET]


def test_all_switched_off_is_said():
    page = page_of_link("intervene", edits="!ablate:L2H1")
    assert [info.value for info in page.info] == [ALL_OFF]
    page.toggle(key="edit0-on").set_value(True).run()
    assert not page.info
    assert [heading.value for heading in page.subheader] == [
        "Effect on the prediction",
        "Effect on what the model writes",
    ]


def test_every_choice_is_in_the_link():
    page = page_of_link("intervene", edits="ablate:L2H1", at="9", contrast="·John")
    assert not page.exception
    assert FAILED not in words(page)
    assert link_of(page) == {"edits": "ablate:L2H1", "at": "9", "contrast": "·John"}
