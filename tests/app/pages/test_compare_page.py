"""The Compare page as a whole, driven without a browser."""

from llm_tt.app.comparison.graphs_view import SHOWN
from llm_tt.app.pages.compare_page import SAME
from tests.app.comparison.comparing import LONGER, compare_page, link, sides_of
from tests.app.driving import FAILED, choice_of, page_of_link, words


def test_a_newcomer_sees_one_run_beside_itself():
    page = page_of_link("compare")
    assert not page.exception
    assert FAILED not in words(page)
    assert sides_of(page)["names"] == ["A", "B"]
    assert SAME in words(page)
    assert SAME not in words(compare_page(b_prompt=LONGER))


def test_every_choice_is_in_the_link_and_comes_back():
    asked = {
        "b_prompt": LONGER,
        "token": "·Mary",
        "b_token": "·John",
        "b_method": "gradact",
        "pairs": "8-",
        "compare_view": "difference",
        "both": "L2H1@15",
        "method": "relp",
    }
    page = compare_page(**asked)
    assert FAILED not in words(page)
    assert link(page) == asked
    assert choice_of(page, "compare_view").value in SHOWN


def test_a_position_without_a_partner_is_said_and_the_last_ones_are_shown():
    page = compare_page(b_prompt=LONGER, pairs="8-", at="8")
    assert "no partner" in words(page)
    assert sides_of(page)["columns"][-1] == [13, 14]
