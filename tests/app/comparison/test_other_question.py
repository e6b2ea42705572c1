"""The second side is as the first one until something else is chosen."""

import pytest

from tests.app.comparison.comparing import FIRST, OTHER, compare_page, link, sides_of
from tests.app.driving import FAILED, choose_label, menu_of, page_of_link, prompt_box, words


def numbers_of(page) -> dict:
    table = next(frame.value for frame in page.dataframe if "change" in frame.value and "" in frame.value)
    return {name: list(table[name]) for name in table}


def test_it_begins_as_the_first():
    page = page_of_link("compare")
    assert not page.exception
    assert prompt_box(page, "Prompt B").value == FIRST
    table = numbers_of(page)
    sides = [name for name in table if name not in ("", "change")]
    assert table[sides[0]] == table[sides[1]]


def test_another_prompt_is_in_the_link():
    page = page_of_link("compare", method="relp")
    prompt_box(page, "Prompt B").input(OTHER).run()
    assert link(page)["b_prompt"] == OTHER
    assert numbers_of(page)["B"][0] == "·John"
    prompt_box(page, "Prompt B").input(FIRST).run()
    assert "b_prompt" not in link(page)


def test_a_token_of_the_first_side_is_that_of_the_second_until_another_is_chosen():
    page = compare_page(token="·Mary")
    assert numbers_of(page)["B"][2] == "·Mary"
    assert menu_of(page, "b_token").placeholder == "as A: ·Mary"
    choose_label(page, "b_token", "·John")
    assert numbers_of(page)["B"][2] == "·John"
    assert link(page)["b_token"] == "·John"


def test_without_one_both_have_their_own_predictions():
    page = compare_page()
    assert (numbers_of(page)["A"][2], numbers_of(page)["B"][2]) == ("·Mary", "·John")
    assert menu_of(page, "b_token").placeholder == "predicted: ·John"


def test_a_contrast_that_would_be_the_target_itself_is_left_out():
    page = compare_page(token="·Mary", contrast="·John", b_token="·John")
    assert FAILED not in words(page)
    assert numbers_of(page)["A"][2] == "·Mary − ·John"
    assert numbers_of(page)["B"][2] == "·John"


def test_interventions_act_on_the_second_side_where_they_can():
    page = compare_page(b_prompt="", edits="ablate:L2H1", b_edited="1")
    assert sides_of(page)["names"] == ["base", "edited"]
    page.toggle(key="b_edited_box").set_value(False).run()
    assert "b_edited" not in link(page)
    page = compare_page(b_prompt="When", edits="ablate:L2H1:p=9", b_edited="1")
    assert "1 of 1 interventions cannot act on this prompt." in words(page)


def test_of_the_same_prompt_the_same_prediction_is_followed():
    page = compare_page(b_prompt="", edits="ablate:L2H1", b_edited="1")
    assert (numbers_of(page)["base"][0], numbers_of(page)["edited"][0]) == ("·Mary", "·John")
    assert numbers_of(page)["base"][2] == numbers_of(page)["edited"][2] == "·Mary"
    assert menu_of(page, "b_token").placeholder == "as A: ·Mary"


def test_another_method():
    page = compare_page(b_prompt="", b_method="gradact")
    assert sides_of(page)["names"] == ["RelP", "Gradient"]
    assert menu_of(page_of_link("compare", b_method="nonsense"), "b_method").value is None


@pytest.mark.parametrize("text", ["a", "\N{WAVING HAND SIGN}", "<script>alert(1)</script>"])
def test_any_prompt_is_a_prompt(text):
    page = compare_page(b_prompt=text)
    assert FAILED not in words(page)


def test_spaces_alone_are_a_prompt_or_said():
    assert not compare_page(b_prompt="   ").exception


def test_a_model_that_is_none_is_said():
    page = compare_page(b_model="no-such-model")
    assert not page.exception
    assert FAILED in words(page) or "no-such-model" in words(page)
