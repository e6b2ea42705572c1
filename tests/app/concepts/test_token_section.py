"""The token that is read: typed, or the one that stands at the position."""

import llm_tt
from tests.app.driving import page_of_link, table, words


def test_a_typed_token_is_read_by_all_three_tables(world):
    model = world[0]
    page = page_of_link("concepts", concepts="weights", select="L0H2@13", circuit="QK")
    page.text_input(key="weights-token").set_value("Mary").run()
    (mary,) = model.tokenize(" Mary").token_ids
    assert "Standing on ·Mary" in words(page)
    assert page.query_params["weights-token"] == "Mary"
    keys = llm_tt.looked_for(model, 0, 2, mary, top=10)
    assert table(page, "looks for")["id"].tolist() == list(keys.most.token_ids)


def test_what_is_no_token_is_said_and_the_position_counts():
    page = page_of_link("concepts", concepts="weights", **{"weights-token": "not a single token"})
    assert not page.exception
    assert "Attending to ·to it writes" in words(page)
    assert ":orange[" in words(page)
