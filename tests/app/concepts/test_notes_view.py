"""The list of names: chosen from, saved, and read back."""

import json

import llm_tt
from tests.app.driving import page_of_link, table, words


def write(model, *names: tuple[str, str]) -> llm_tt.Notebook:
    notebook = llm_tt.Notebook.of(model)
    for component, name in names:
        notebook.write(component, name=name, text="a note")
    return notebook


def test_an_empty_notebook_says_what_it_is_for():
    page = page_of_link("concepts", concepts="notes")
    assert not page.exception
    assert "Nothing is named yet" in words(page)


def test_names_are_listed_and_shown_on_cards(world):
    write(world[0], ("L2H1", "mover"), ("L0N90", "capitals"))
    page = page_of_link("concepts", concepts="notes")
    shown = table(page, "part")
    assert dict(zip(shown["part"], shown["name"], strict=True)) == {"L2H1": "mover", "L0N90": "capitals"}
    page = page_of_link("concepts", q="paris")
    from tests.app.driving import cards_of

    named = {card["title"]: card["name"] for card in cards_of(page, "hits")}
    assert named["L0N90"] == "capitals"


def test_a_file_is_taken_over_and_a_damaged_one_is_said(world):
    text = write(world[0], ("L2H1", "mover")).to_json()
    write(world[0], ("L2H1", "other"))
    page = page_of_link("concepts", concepts="notes")
    page.button_group(key="note-conflicts").set_value("theirs").run()
    page.get("file_uploader")[-1].set_value(("notes.json", text.encode(), "application/json")).run()
    page.button(key="merge-notes").click().run()
    assert not page.exception
    assert "1 changed" in words(page)
    assert table(page, "part")["name"].tolist() == ["mover"]
    broken = json.dumps({"format": "something else"}).encode()
    page.get("file_uploader")[-1].set_value(("notes.json", broken, "application/json")).run()
    page.button(key="merge-notes").click().run()
    assert "That did not work" in words(page)
    assert table(page, "part")["name"].tolist() == ["mover"]
