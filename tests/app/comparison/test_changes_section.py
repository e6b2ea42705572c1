"""What changed most: the library's components, each a way to its card."""

import llm_tt
from tests.app.comparison.comparing import FIRST, OTHER, compare_page
from tests.app.driving import table, words


def test_the_largest_changes_and_the_likeness():
    model = llm_tt.load_model("small-world")
    both = llm_tt.compare(llm_tt.explain(model, FIRST, "relp"), llm_tt.explain(model, OTHER, "relp"))
    page = compare_page()
    changes = both.numbers().likeness.largest_changes
    shown = table(page, "part")
    assert list(shown["part"]) == [str(one.part).partition("@")[0] for one in changes]
    assert list(shown["change"]) == [one.change for one in changes]
    assert f"{100 * both.numbers().likeness.overlap:.0f} % of the edges in both" in words(page)


def test_no_change_and_no_common_unit_are_said():
    assert "Nothing changed." in words(compare_page(b_prompt=""))
    assert "The two are in different units" in words(compare_page(b_method="ifr"))
