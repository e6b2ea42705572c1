"""From a card: cut and measure, and changes that go into the basket."""

import pytest

import llm_tt
from llm_tt.app.basket_state import _BASKET
from llm_tt.intervention.basket import MOST_EDITS, Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.intervention.measuring import cut, measured_effect
from llm_tt.render.effect_words import effect_sentence
from llm_tt.tracing.parts import Part
from tests.app.inspector.conftest import PROMPT, make_view_of


def edits_of(page):
    return page.session_state[_BASKET].active


@pytest.mark.parametrize("name", ["L1H2@2-9", "L1.attention@2-9", "L1H2@9", "L1.mlp@9", "L1N5@9"])
def test_cutting_shows_what_the_library_measures_beside_what_is_attributed(
    signed_view, open_card, words, name
):
    page = open_card(signed_view, name)
    assert "measured" not in words(page)
    page.button(key="cut-and-measure").click().run()
    assert not page.exception
    effect = measured_effect(
        signed_view.model, signed_view.trace, signed_view.target, cut(Part.named(name), "mean")
    )
    said = effect_sentence(effect, signed_view.target, None)
    assert said.removesuffix(", measured.") in words(page)
    assert "attributed." in words(page)


def test_shares_have_no_sign_so_only_what_is_measured_is_said(view, open_card, words):
    page = open_card(view, "L1.mlp@9")
    page.button(key="cut-and-measure").click().run()
    assert ", measured." in words(page)
    assert "attributed." not in words(page)


@pytest.mark.parametrize("name", ["embed@9", "L1.mid@9", "L1.mid.residual@9"])
def test_what_nothing_writes_cannot_be_changed(view, open_card, name):
    keys = [button.key for button in open_card(view, name).button]
    assert not [key for key in keys if key and key.startswith(("cut", "edit"))]


@pytest.mark.parametrize(
    ("label", "edit"),
    [
        ("Switch off", Ablate.head(1, 2)),
        ("Halve", Scale.head(1, 2, 0.5)),
        ("Double", Scale.head(1, 2, 2.0)),
    ],
)
def test_changes_go_into_the_basket(view, open_card, label, edit):
    page = open_card(view, "L1H2@9")
    page.button(key=f"edit-{label}").click().run()
    assert not page.exception
    assert edits_of(page) == (edit,)


def test_where_it_acts_is_chosen(view, open_card):
    page = open_card(view, "L1H2@2-9")
    page.button_group(key="edit-where").set_value((9,)).run()
    page.button(key="edit-Switch off").click().run()
    assert edits_of(page) == (Ablate.edge(1, 2, head=2, positions=(9,)),)


def test_a_neuron_is_set_and_steered_with(view, open_card):
    page = open_card(view, "L1N5@9")
    page.number_input(key="edit-activation-L1N5").set_value(4.0)
    page.button(key="edit-Set").click().run()  # at once, as a quick hand does
    page.button(key="edit-Steer with it").click().run()
    assert edits_of(page) == (SetNeuron(1, 5, 4.0), Steer.neuron(1, 5, 4.0))


def test_each_neuron_is_offered_its_own_activation(view, open_card):
    offered = [
        open_card(view, f"L1N{neuron}@9").number_input(key=f"edit-activation-L1N{neuron}").value
        for neuron in (5, 6)
    ]
    strongest = view.trace.mlp_activations[1, :, [5, 6]].abs().amax(0).clamp(min=0.1)
    assert offered == pytest.approx([round(2 * float(size), 2) for size in strongest])


def test_a_full_basket_takes_no_more_and_nothing_breaks(view, open_card):
    full = Basket(tuple(BasketItem(Ablate.neuron(0, number)) for number in range(MOST_EDITS)))
    page = open_card(view, "L1H2@9", **{_BASKET: full})
    page.button(key="edit-Switch off").click().run()
    assert not page.exception
    assert len(edits_of(page)) == MOST_EDITS


def test_a_state_is_steered_toward_a_token(view, open_card):
    page = open_card(view, "L1.post@9")
    page.text_input(key="steer-toward").set_value("A")
    page.text_input(key="steer-away").set_value("B")
    page.button(key="edit-Steer").click().run()
    (edit,) = edits_of(page)
    assert (edit.layer, edit.direction.toward, edit.direction.away) == (1, "A", "B")
    assert edit.strength > 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [(("two words", ""), "not one token"), (("", "A"), "No token is named"), (("A", "A"), "same token")],
)
def test_what_is_no_step_is_said(view, open_card, words, typed, message):
    page = open_card(view, "L1.post@9")
    page.text_input(key="steer-toward").set_value(typed[0])
    page.text_input(key="steer-away").set_value(typed[1])
    page.button(key="edit-Steer").click().run()
    assert not page.exception
    assert message in words(page)
    assert edits_of(page) == ()


def test_an_edited_pass_is_measured_on_top(tiny_model, open_card, words):
    trace = llm_tt.run_with_edits(tiny_model, PROMPT, [Ablate.head(0, 0)])
    page = open_card(make_view_of(tiny_model, trace), "L1.mlp@9")
    page.button(key="cut-and-measure").click().run()
    assert not page.exception
    assert ", measured." in words(page)
