"""A head's weights beside its messages on this prompt."""

from llm_tt.concepts.static_against_run import compare_with_run
from tests.app.driving import page_of_link, table


def test_the_rows_are_the_librarys(world):
    model, trace, _ = world
    page = page_of_link("concepts", concepts="weights", select="L2H1@13")
    found = compare_with_run(model, trace, 2, 1, 13)
    shown = table(page, "agreement")
    assert shown["attention"].tolist() == [100 * one.attention for one in found]
    assert shown["agreement"].tolist() == [one.agreement for one in found]
