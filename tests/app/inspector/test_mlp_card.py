"""The card of an MLP: what the block writes, and its neurons by weight."""

import pytest

import llm_tt
from llm_tt.lens.promotion import promoted_tokens


@pytest.mark.parametrize("which", ["view", "signed_view"])
def test_its_neurons_by_weight_with_signed_activations(which, open_card, request):
    view = request.getfixturevalue(which)
    table = open_card(view, "L1.mlp@9", count=50).dataframe[2].value
    neurons = llm_tt.attribute_neurons(view.model, view.trace, view.shares, layer=1, position=9).neurons
    shown = table["share %"] / 100 if which == "view" else table.logits
    assert list(shown) == pytest.approx(sorted(neurons.tolist(), key=abs, reverse=True)[:50])
    ids = [int(name.removeprefix("L1N")) for name in table.neuron]
    assert list(table.activation) == pytest.approx(view.trace.mlp_activations[1, 9, ids].tolist())
    assert (table.activation < 0).any()


def test_the_block_as_a_whole(view, open_card):
    page = open_card(view, "L1.mlp@9")
    promotion = promoted_tokens(view.model, view.trace, view.trace.mlp_out[1, 9], 9)
    assert list(page.dataframe[0].value.logit) == pytest.approx(promotion.promoted.changes)


def test_experts_are_not_split_and_the_block_is_read_all_the_same(view_of, open_card, words):
    page = open_card(view_of("Mixtral"), "L1.mlp@9")
    assert len(page.dataframe) == 2
    assert "Single neurons are not available" in words(page)
