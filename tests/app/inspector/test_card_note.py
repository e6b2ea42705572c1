"""The name and the note of a component, on its card and from there everywhere."""

import pytest

from llm_tt.app.cached import open_notebook
from tests.app.driving import page_of_link, words


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path))
    open_notebook.clear()
    yield tmp_path
    open_notebook.clear()


def field(page, kind: str, start: str):
    return next(item for item in page.get(kind) if (item.key or "").startswith(start))


def name_it(page, name: str, text: str):
    field(page, "text_input", "note-name").set_value(name)
    next(box for box in page.text_area if (box.key or "").startswith("note-text")).set_value(text)
    field(page, "button", "keep-").click()
    return page.run()


def test_a_head_is_named_on_its_card_and_the_name_is_shown_there_and_in_the_basket():
    page = page_of_link("trace", select="L2H1@13", edits="ablate:L2H1")
    name_it(page, "mover *of* names", "It <b>copies</b>.")
    assert not page.exception
    said = words(page)
    assert "##### L2H1 :gray[mover *of* names]" in said
    assert ":small[It <b>copies</b>.]" in said
    assert "L2H1 mover *of* names off" in said
    again = page_of_link("trace", select="L2H1@13")
    assert "mover *of* names" in words(again)
    name_it(again, "", "")
    assert "mover" not in words(again)


def test_a_message_is_named_as_its_head_and_states_have_no_name():
    named = page_of_link("trace", select="L2H1@9-13")
    assert [item for item in named.text_input if (item.key or "").startswith("note-name-L2H1")]
    for part in ("L2.attention@9-13", "L2.post@13"):
        page = page_of_link("trace", select=part)
        assert not [item for item in page.text_input if (item.key or "").startswith("note-name")]


def test_what_another_tab_wrote_meanwhile_is_not_overwritten_and_what_was_typed_is_not_lost():
    page, other = page_of_link("trace", select="L2H1@13"), page_of_link("trace", select="L2H1@13")
    name_it(page, "mover", "Seen in ten prompts.")
    name_it(other, "copier", "From one prompt.")
    assert not other.exception
    said = words(other)
    assert "##### L2H1 :gray[mover]" in said
    assert "noted elsewhere meanwhile" in said
    assert "copier: From one prompt." in said
    name_it(other, "copier", "From one prompt.")
    assert "##### L2H1 :gray[copier]" in words(other)
