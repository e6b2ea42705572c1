"""The search: its question in the address, the library's answer, a sentence where there is none."""

import pytest

from tests.app.driving import cards_of, click_card, link_of, page_of_link, words


def titles(page) -> list[str]:
    return [card["title"] for card in cards_of(page, "hits")]


def names(hits) -> list[str]:
    return [f"L{hit.layer}N{hit.neuron}" for hit in hits]


def test_a_link_opens_a_search_and_its_hits_are_the_librarys(index):
    page = page_of_link("concepts", q="paris OR tokyo", sides="promotes suppresses", layers="1 3")
    assert not page.exception
    found = index.search("paris OR tokyo", sides=("promotes", "suppresses"), layers=(1, 3), top=20)
    assert titles(page) == names(found.hits)
    assert f"{found.n_found} lists found" in words(page)
    marked = [chip["text"] for chip in cards_of(page, "hits")[0]["chips"] if chip["is_marked"]]
    assert {text.strip("·").lower() for text in marked} <= {"paris", "tokyo"}
    assert marked
    assert link_of(page)["q"] == "paris OR tokyo"
    assert link_of(page)["layers"] == "1 3"


def test_without_a_question_words_of_the_prediction_are_offered():
    page = page_of_link("concepts", prompt="The capital of Japan is the city of")
    assert "read from its weights alone" in words(page)
    assert "Tokyo" in page.button_group(key="suggested").options
    page.button_group(key="suggested").set_value("Tokyo").run()
    assert page.text_input(key="q").value == "Tokyo"
    assert titles(page)


def test_more_hits_come_when_asked_for(index):
    page = page_of_link("concepts", q="paris")
    assert len(titles(page)) == 20
    page.button(key="more-hits").click().run()
    assert titles(page) == names(index.search("paris", top=40).hits)
    page.text_input(key="q").set_value("tokyo").run()
    assert len(titles(page)) == 20


def test_every_side_counts_where_none_is_chosen(index):
    page = page_of_link("concepts", q="paris", sides="any")
    assert titles(page) == names(index.search("paris", sides=index_sides(), top=20).hits)


def index_sides():
    from llm_tt.concepts.sides import TOKEN_SIDES

    return TOKEN_SIDES


def test_a_click_on_a_card_opens_the_neuron():
    page = page_of_link("concepts", q="paris")
    name = titles(page)[1]
    click_card(page, "hits", name)
    assert not page.exception
    assert f"##### {name}" in words(page)
    assert page.query_params["select"] == f"{name}@13"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("xyzzy", "No token is “xyzzy”"),
        ("-paris", ""),
        ("<script>alert(1)</script>", "No token is “<script>alert(1)</script>”"),
        ("😀" * 2000, "characters"),
        ('"', ""),
        ("*", ""),
        ("OR OR OR", ""),
    ],
)
def test_whatever_is_typed_is_answered(query, said):
    page = page_of_link("concepts", q=query)
    assert not page.exception
    assert "That did not work" not in words(page)
    assert said in words(page)
    assert page.text_input(key="q").value == query


def test_a_link_with_odd_layers_and_sides_is_read_as_far_as_it_means_something():
    page = page_of_link("concepts", q="paris", layers="1 99 x ²", sides="promotes nothing")
    assert not page.exception
    assert page.multiselect(key="layers").value == [1]
    assert titles(page)
