"""The strongest pairs are those that brute force finds, with every switch, in every kind of family."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts import pair_search
from llm_tt.concepts.head_tokens import ov_changes
from llm_tt.concepts.strongest_pairs import strongest_pairs
from llm_tt.concepts.token_filters import is_same_word, is_text, key_of
from tests.concepts.planted import FROM, TO, with_planted_head
from tests.concepts.test_head_tokens import scores_of

KINDS = ["GPT-2", "Llama, with biases", "Qwen3", "OLMo 2", "Gemma 2"]


@torch.no_grad()
def by_hand(model, circuit):
    """Every pair [from to] of head 3 of layer 1."""
    if circuit == "OV":
        return torch.stack([ov_changes(model, 1, 3, token) for token in range(300)])
    return scores_of(model, 1, 3)


@pytest.mark.parametrize("family", KINDS)
@pytest.mark.parametrize("circuit", ["OV", "QK"])
@pytest.mark.parametrize("lowest", [False, True])
def test_they_are_the_largest_of_all(family, circuit, lowest, open_family):
    model = open_family(family)
    everything = by_hand(model, circuit)
    found = strongest_pairs(model, 1, 3, circuit, top=20, lowest=lowest)
    expected = everything.flatten().topk(20, largest=not lowest).values
    assert_close(torch.tensor([pair.strength for pair in found.pairs]), expected, atol=1e-4, rtol=1e-4)
    for pair in found.pairs:
        assert_close(pair.strength, float(everything[pair.from_id, pair.to_id]), atol=1e-4, rtol=1e-4)
        assert (pair.from_string, pair.to_string) == model.token_strings([pair.from_id, pair.to_id])
    assert found.proven == 1.0
    assert found.seconds < 5


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_what_is_hidden_does_not_show_and_all_else_does(circuit, tiny_model):
    everything = by_hand(tiny_model, circuit)
    strings = tiny_model.token_strings(range(300))
    words = [key_of(token) for token in strings]
    text = [place for place, token in enumerate(strings) if is_text(token)]
    assert 50 < len(text) < 299
    expected = sorted(
        (
            float(everything[first, second])
            for first in text
            for second in text
            if not is_same_word(words[first], words[second])
        ),
        reverse=True,
    )[:300]
    found = strongest_pairs(tiny_model, 1, 3, circuit, top=300, hide_same_word=True, hide_non_text=True)
    assert_close(
        torch.tensor([pair.strength for pair in found.pairs]), torch.tensor(expected), atol=1e-4, rtol=1e-4
    )
    assert all(is_text(pair.from_string) and is_text(pair.to_string) for pair in found.pairs)
    assert not any(is_same_word(words[pair.from_id], words[pair.to_id]) for pair in found.pairs)


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_a_planted_pair_is_the_first(circuit, byte_tokenizer):
    model = with_planted_head(byte_tokenizer, circuit)
    first, second = strongest_pairs(model, 1, 2, circuit, top=2).pairs
    assert (first.from_id, first.to_id) == (FROM, TO)
    assert first.strength > 1.2 * second.strength


def test_no_time_leaves_some_unproven(tiny_model, monkeypatch):
    monkeypatch.setattr(pair_search, "TILE_ROWS", 30)
    monkeypatch.setattr(pair_search, "TILE_COLUMNS", 30)
    found = strongest_pairs(tiny_model, 1, 3, "OV", seconds=0.0)
    assert 0 < found.proven < 1
    assert len(found.pairs) == 50


def test_none_is_asked_for(tiny_model):
    with pytest.raises(ValueError, match="at least 1"):
        strongest_pairs(tiny_model, 0, 0, "OV", top=0)


def test_a_vocabulary_without_text_has_no_pairs(tiny_model, monkeypatch):
    monkeypatch.setattr("llm_tt.concepts.strongest_pairs.is_text", lambda token: False)
    found = strongest_pairs(tiny_model, 0, 0, "OV", hide_non_text=True)
    assert found.pairs == ()
    assert found.proven == 1.0
