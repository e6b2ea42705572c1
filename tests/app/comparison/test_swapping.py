"""Both sides exchanged: prompts, tokens, methods and the corrections between them."""

from tests.app.comparison.comparing import FIRST, LONGER, compare_page, link
from tests.app.driving import FAILED, words


def test_swapped_and_back():
    page = compare_page(b_prompt=LONGER, token="·Mary", b_token="·John", b_method="gradact", pairs="9-,3-3")
    page.button(key="swap-sides").click().run()
    assert not page.exception
    told = link(page)
    assert page.session_state["prompt_text"] == LONGER
    assert told["b_prompt"] == FIRST
    assert (told["token"], told["b_token"]) == ("·John", "·Mary")
    assert (told["method"], told["b_method"]) == ("gradact", "relp")
    assert told["pairs"] == "-9,3-3"
    page.button(key="swap-sides").click().run()
    told = link(page)
    assert page.session_state["prompt_text"] == FIRST
    assert (told["b_prompt"], told["token"], told["b_token"]) == (LONGER, "·Mary", "·John")
    assert told["pairs"] == "9-,3-3"


def test_what_is_as_in_the_first_side_stays_so():
    page = compare_page(token="·Mary")
    page.button(key="swap-sides").click().run()
    told = link(page)
    assert told["token"] == "·Mary"
    assert "b_method" not in told


def test_models_change_sides(save_family):
    first, second = str(save_family("GPT-2")), str(save_family("Llama, with biases"))
    page = compare_page(prompt="abcd", b_prompt="abxd", model=first, b_model=second)
    page.button(key="swap-sides").click().run()
    assert not page.exception
    assert (page.session_state["model"], page.session_state["b_model"]) == (second, first)
    assert FAILED not in words(page)
