"""The card of a norm shows what the norm does here."""

from llm_tt.anatomy.norm_effect import norm_effect
from llm_tt.render.anatomy_tables import norm_columns
from tests.app.driving import page_of_link


def test_its_tables_are_the_librarys(world):
    model, trace, _ = world
    page = page_of_link("anatomy", node="L3.norm2@13", drawn="3")
    expected = norm_columns(norm_effect(model, trace, 3, "mlp", 13, top=10))
    shown = [frame.value["token"].tolist() for frame in page.dataframe if "token" in frame.value]
    for heading, columns in expected.items():
        assert columns["token"] in shown, heading


def test_its_tables_show_what_a_card_has_room_for():
    page = page_of_link("anatomy", node="L3.norm2@13", drawn="3")
    orders = [list(frame.proto.column_order) for frame in page.dataframe]
    assert orders.count(["token", "prob."]) == orders.count(["token", "change"]) == 2
