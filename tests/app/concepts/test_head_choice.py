"""The head that is read: the chosen one, and choosing another chooses it everywhere."""

from tests.app.driving import cards_of, choice_of, click_card, page_of_link


def test_menus_follow_the_chosen_part_and_lead_it():
    page = page_of_link("concepts", concepts="weights", select="L2H1@9-13")
    assert (page.selectbox(key="head-layer").value, page.selectbox(key="head-number").value) == (2, 1)
    page.selectbox(key="head-number").set_value(3).run()
    assert page.query_params["select"] == "L2H3@13"
    page.selectbox(key="head-layer").set_value(0).run()
    assert page.query_params["select"] == "L0H3@13"


def test_the_first_head_until_one_is_chosen():
    page = page_of_link("concepts", concepts="weights", select="L2N7@13")
    assert (page.selectbox(key="head-layer").value, page.selectbox(key="head-number").value) == (0, 0)


def test_the_head_stays_while_a_neuron_is_looked_at():
    page = page_of_link("concepts", concepts="weights", select="L2H1@13")
    choice_of(page, "concepts").set_value("search").run()
    page.text_input(key="q").set_value("paris").run()
    click_card(page, "hits", cards_of(page, "hits")[0]["key"])
    choice_of(page, "concepts").set_value("weights").run()
    assert not page.exception
    assert (page.selectbox(key="head-layer").value, page.selectbox(key="head-number").value) == (2, 1)
