"""An opened layer: its rows, what is left, and both states add up."""

import pytest

from llm_tt.lens.layer_updates import updates_of
from llm_tt.render.number_words import signed_text
from tests.app.driving import choice_of, page_of_link, table, words

PROMPT = "When Mary and John went to the store, John gave a drink to"


def test_an_opened_layers_rows_add_up(world):
    page = page_of_link("trace", select="L2.post@13")
    assert "##### Layer 2 at ·to (13)" in words(page)
    rows = table(page, "suppresses")
    updates = updates_of(world[0], world[1], 2, world[2])
    assert list(rows["part"][:3]) == [f"L2{str(row.part)[2:].partition('@')[0]}" for row in updates.rows[:3]]
    assert rows["logits"].sum() == pytest.approx(updates.after - updates.before, abs=1e-4)
    assert signed_text(updates.after - updates.before) in words(page)


@pytest.mark.parametrize(("order", "column"), [("share", "share %"), ("norm", "norm")])
def test_other_orders(order, column):
    page = page_of_link("trace", select="L3.post@13")
    choice_of(page, "update-order").set_value(order).run()
    assert not page.exception
    numbers = list(table(page, "suppresses")[column][:10])
    assert numbers == sorted(numbers, reverse=True)


def test_before_and_after_are_the_states_beside_the_layer(world):
    page = page_of_link("trace", select="L0.post@13")
    said = words(page)
    assert "embed@13: " in said
    assert "L0.post@13: " in said
