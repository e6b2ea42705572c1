"""Names of cards and of chosen parts."""

import pytest

from llm_tt.app import chosen
from llm_tt.app.concepts.chosen_neuron import name_of_chosen
from llm_tt.tracing.parts import Part
from tests.app.driving import cards_of, click_card, link_of, page_of_link, prompt_box


@pytest.mark.parametrize(
    ("part", "name"), [("L2N33@4", "L2N33"), ("L2H1@4", None), ("L2.post@4", None), (None, None)]
)
def test_the_card_of_a_chosen_part(part, name):
    assert name_of_chosen(None if part is None else Part.named(part)) == name


def test_a_neuron_is_chosen_though_another_prompt_is_still_on_its_way():
    page = page_of_link("concepts", q="paris")
    name = cards_of(page, "hits")[0]["key"]
    prompt_box(page).set_value("The capital of Japan is the city of")  # and clicked before it was run
    click_card(page, "hits", name)
    assert not page.exception
    assert link_of(page)["select"] == f"{name}@7"
    prompt_box(page).set_value("When Mary and John went to the store").run()
    assert "select" not in link_of(page)  # that prompt came later


def test_a_neuron_is_chosen_though_the_list_was_drawn_for_a_longer_prompt():
    page = page_of_link("concepts", q="paris", prompt="When Mary and John went to the store")
    name = cards_of(page, "hits")[0]["key"]
    prompt_box(page).set_value("Mary").run()
    # By the list from before, in the instant before it is drawn anew:
    page.session_state["select"] = f"{name}@7"
    page.session_state[chosen._ON_ITS_WAY] = {"select": ("Mary", "small-world")}
    page.run()
    assert link_of(page)["select"] == f"{name}@0"
