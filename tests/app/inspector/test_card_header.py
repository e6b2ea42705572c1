"""The head of a card says what it is, how much it weighs, and where one can go from it."""

import pytest

import llm_tt
from llm_tt.render.weight_words import weight_text


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("L1H2@2-9", ("L1H2", "L1.mid")),
        ("L1.attention@2-9", ("L1.attention", "L1.mid")),
        ("L1.mlp@9", ("L1.mlp", "L1.post")),
        ("L1.post.residual@9", ("L1.post.residual", "L1.post")),
    ],
)
def test_title_and_share(view, open_card, words, name, named):
    (title, sum_name), said = named, words(open_card(view, name))
    assert f"##### {title}\n" in said
    assert f" % of {sum_name}" in said


def test_in_parallel_blocks_everything_enters_one_sum(view_of, open_card, words):
    assert " % of L1.post" in words(open_card(view_of("GPT-NeoX"), "L1H2@2-9"))


def test_a_neuron_is_weighed_by_its_share(view, open_card, words):
    neurons = llm_tt.attribute_neurons(view.model, view.trace, view.shares, layer=1, position=9).neurons
    strongest = int(neurons.argmax())
    share = 100 * float(neurons[strongest])
    assert share > 1
    assert f"{share:.1f} % of L1.post" in words(open_card(view, f"L1N{strongest}@9"))


def test_signed_weights_are_towards_the_target(signed_view, open_card, words):
    weight = float(signed_view.shares.mlp[1, 16])
    said = words(open_card(signed_view, "L1.mlp@16"))
    assert f"{weight_text(weight, 'logits')} towards the target" in said


def test_a_state_has_no_weight(view, open_card, words):
    assert "% of" not in words(open_card(view, "L1.mid@9")).split("Predicts")[0]


def test_buttons_lead_on(view, open_card):
    chosen = []
    page = open_card(view, "L1H2@2-9", chosen)
    page.button(key="go-L1H2@2-9-reads").click().run()
    page.button(key="go-L1H2@2-9-head").click().run()
    page.button(key="close-card").click().run()
    assert [str(part) for part in chosen] == ["L0.post@2", "L1H2@9", "None"]


def test_without_a_part_the_state_that_predicts_is_shown(view, open_card, words):
    page = open_card(view, None)
    assert "##### L1.post" in words(page)
    assert "Click anything" in words(page)
    assert "close-card" not in [button.key for button in page.button]


@pytest.mark.parametrize("name", ["L9.mid@0", "L0H7@1", "L0.mid@40", "L1H0@9-3", "L1N500@0"])
def test_a_part_that_is_not_there_is_said(view, open_card, name):
    page = open_card(view, name)
    assert len(page.text) == 3
    assert not page.dataframe
