"""Cards as the browser gets them."""

import llm_tt
from llm_tt.concepts.sides import TOKEN_SIDES
from llm_tt.render.token_cards import as_data, hit_cards, neuron_cards, neuron_name
from llm_tt.render.visible_text import visible_token


def test_hits_have_their_tokens_with_matches_marked_also_those_further_down(tiny_model, tmp_path):
    index = llm_tt.build_index(tiny_model, tmp_path)
    listed = index.reading(1, 3).sides["promotes"]
    first, far = listed.token_strings[0], listed.token_strings[30]
    result = index.search(f'"{first}" "{far}"', layers=[1], sides=TOKEN_SIDES[:1])
    hit = next(hit for hit in result.hits if hit.neuron == 3)
    (card,) = hit_cards([hit], {"L1N3": "mine"})
    assert (card.key, card.title, card.name) == ("L1N3", "L1N3", "mine")
    assert card.share == 1.0
    marked = [chip for chip in card.chips if chip.is_marked]
    assert [chip.hint.split(",")[0] for chip in marked] == ["number 1", "number 31"]
    assert len(card.chips) == 13


def test_neurons_have_their_cosine_and_their_strongest_tokens(tiny_model, tmp_path):
    neuron = llm_tt.build_index(tiny_model, tmp_path).reading(1, 7)
    (card,) = neuron_cards([neuron], [-0.25], {})
    assert (card.title, card.share, card.amount) == (neuron_name(1, 7), 0.0, "-0.25")
    tokens = neuron.sides["promotes"]
    assert [chip.text for chip in card.chips] == [visible_token(t) for t in tokens.token_strings[:12]]
    assert card.chips[0].share == 1.0
    assert as_data([card])[0]["key"] == "L1N7"


def test_no_hits_are_no_cards():
    assert hit_cards([], {}) == []
