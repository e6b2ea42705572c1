"""A head's weights: both circuits, and what a rotary model has to say of them."""

import llm_tt
from tests.app.driving import choice_of, link_of, page_of_link, table, words


def test_both_circuits_of_the_chosen_head(world):
    page = page_of_link("concepts", concepts="weights", select="L2H1@13")
    assert not page.exception
    assert "##### L2H1" in words(page)
    assert "Attending to ·to it writes" in words(page)
    shown = table(page, "attended to")
    pairs = llm_tt.strongest_pairs(world[0], 2, 1, "OV", top=50).pairs
    assert shown["logit"].tolist() == [pair.strength for pair in pairs]
    choice_of(page, "circuit").set_value("QK").run()
    assert not page.exception
    assert "Standing on ·to" in words(page)
    assert "On this prompt" not in words(page)
    assert link_of(page)["circuit"] == "QK"


def test_directions_are_the_librarys(world):
    page = page_of_link("concepts", concepts="weights", select="L3H3@13")
    directions = llm_tt.singular_directions(world[0], 3, 3, "OV", n=8)
    assert table(page, "share")["strength"].tolist() == [direction.strength for direction in directions]


def test_a_token_beside_tokens(world):
    page = page_of_link("concepts", concepts="weights", subject="token", **{"weights-token": " Paris"})
    assert not page.exception
    model = world[0]
    (paris,) = model.tokenize(" Paris").token_ids
    near = llm_tt.nearest_tokens(model, paris, "embedding", top=10)
    assert table(page, "as it is read")["id"].tolist() == list(near.token_ids)
