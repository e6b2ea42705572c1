"""What the page adds to a neuron: steering with it, its likes, its cluster."""

import pytest

import llm_tt
from llm_tt.render.number_words import percent_text
from tests.app.driving import cards_of, choice_of, click_card, page_of_link, words

NEURON = "L0N90"


def test_steering_goes_into_the_basket_and_changes_the_prediction(world):
    model, trace, _ = world
    page = page_of_link("concepts", select=f"{NEURON}@13")
    page.button(key="steer-with-neuron").click().run()
    assert not page.exception
    assert f"L0.post along {NEURON}" in words(page) or f"along {NEURON}" in words(page)
    (edit,) = page.session_state["basket"].active
    length = float(model.layer_weights(0).neuron_out[90].norm())
    states = float(trace.resid_post[0].norm(dim=-1).median())
    assert edit.strength_value * length == pytest.approx(states, rel=0.01)
    assert page.button(key="steer-with-neuron").disabled  # a second click would double it unseen
    top = llm_tt.rank_tokens(
        model, llm_tt.run_with_edits(model, trace.prompt, [edit]).resid_post[-1, -1], top=1
    )
    assert percent_text(top.probabilities[0]) in words(page)


def test_neurons_that_write_alike_are_the_librarys_and_lead_on(index):
    page = page_of_link("concepts", select=f"{NEURON}@13")
    alike = cards_of(page, "alike")
    near = index.neighbours(0, 90, top=5)
    assert [card["title"] for card in alike] == [f"L{n.layer}N{n.neuron}" for n in near]
    click_card(page, "alike", alike[0]["key"])
    assert f"##### {alike[0]['title']}" in words(page)


def test_its_cluster_leads_to_the_list():
    page = page_of_link("concepts", select=f"{NEURON}@13")
    page.button(key="its-cluster").click().run()
    assert not page.exception
    assert choice_of(page, "concepts").value == "clusters"
    assert cards_of(page, "members")


def test_heads_and_states_have_none_of_it():
    for part in ("L2H1@13", "L2.post@13"):
        page = page_of_link("concepts", select=part)
        assert not page.exception
        assert not [button for button in page.button if button.key == "steer-with-neuron"]
