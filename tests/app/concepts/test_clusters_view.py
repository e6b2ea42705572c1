"""The clusters: a list that can be searched, one of them opened, its neurons clicked."""

from tests.app.driving import cards_of, choice_of, click_card, link_of, page_of_link, words


def test_clusters_are_listed_opened_and_closed():
    page = page_of_link("concepts", concepts="clusters")
    assert not page.exception
    cards = cards_of(page, "clusters")
    assert cards
    assert "by chance" in cards[0]["note"]
    click_card(page, "clusters", cards[0]["key"])
    members = cards_of(page, "members")
    assert f"##### {cards[0]['title']}" in words(page)
    assert 0 < len(members) <= 20
    cosines = [float(card["amount"]) for card in members]
    assert cosines == sorted(cosines, reverse=True)
    click_card(page, "members", members[0]["key"])
    assert f"##### {members[0]['title']}" in words(page)
    page.button(key="all-clusters").click().run()
    assert [card["key"] for card in cards_of(page, "clusters")] == [card["key"] for card in cards]


def test_clusters_are_searched_by_shared_words():
    page = page_of_link("concepts", concepts="clusters")
    shared = cards_of(page, "clusters")[0]["chips"][0]["text"].strip("·")
    page.text_input(key="cluster-query").set_value(shared).run()
    for card in cards_of(page, "clusters"):
        assert any(chip["is_marked"] for chip in card["chips"])
    page.text_input(key="cluster-query").set_value("xyzzy").run()
    assert not page.exception
    assert "No cluster shares these tokens" in words(page)
    assert "0 clusters" not in words(page)


def test_largest_first_where_that_is_chosen():
    page = page_of_link("concepts", concepts="clusters")
    choice_of(page, "cluster-order").set_value("size").run()
    sizes = [int(card["title"].split()[0]) for card in cards_of(page, "clusters")]
    assert sizes == sorted(sizes, reverse=True)


def test_the_open_cluster_and_the_question_are_in_the_link_and_belong_to_one_model():
    page = page_of_link("concepts", concepts="clusters")
    page.text_input(key="cluster-query").set_value("the").run()
    click_card(page, "clusters", cards_of(page, "clusters")[0]["key"])
    members = cards_of(page, "members")
    again = page_of_link("concepts", **link_of(page))
    assert cards_of(again, "members") == members
    again.button(key="all-clusters").click().run()
    assert again.text_input(key="cluster-query").value == "the"
    assert "cluster" not in link_of(again)
    for unknown in ("99999", "-1", "²", "<b>"):
        page = page_of_link("concepts", concepts="clusters", cluster=unknown)
        assert not page.exception
        assert cards_of(page, "clusters")
