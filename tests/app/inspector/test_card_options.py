"""Reading and count are chosen once for all cards."""

import pytest

from llm_tt.lens.promotion import READINGS, promoted_tokens


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_is_named_explained_and_followed(view, open_card, words, reading):
    page = open_card(view, "L1.mlp@9", reading=reading, count=30)
    promotion = promoted_tokens(view.model, view.trace, view.trace.mlp_out[1, 9], 9, top=30, reading=reading)
    assert list(page.dataframe[0].value.id) == list(promotion.promoted.token_ids)
    assert READINGS[reading] in words(page).partition("Promoted and suppressed,")[2]
    assert all(sentence in words(page) for sentence in READINGS.values())


def test_the_exact_change_and_ten_tokens_are_the_default(view, open_card):
    page = open_card(view, "L1.mlp@9")
    assert page.session_state["reading"] == "exact"
    assert page.session_state["count"] == 10
    assert len(page.dataframe[0].value) == 10
