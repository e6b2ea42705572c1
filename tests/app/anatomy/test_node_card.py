"""Cards of nodes that are no parts, and what the picture adds to the cards of parts."""

import pytest

import llm_tt
from tests.app.driving import page_of_link, table, words

CHOSEN = {
    "L3H3.query@13": ("Looked for and avoided", "Looks at"),
    "L3.norm1@13": ("What the norm does",),
    "L3.norm2@13": ("What the norm does",),
    "L3.attention@13": ("Promoted and suppressed",),
    "L3.neurons.others@13": ("and 500 more neurons of layer 3, together", "Promoted and suppressed"),
    "L3.mlp.bias@13": ("its bias", "Promoted and suppressed"),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_every_node_has_a_card(name):
    page = page_of_link("anatomy", node=name, drawn="3")
    assert not page.exception
    assert f"##### {name.partition('@')[0]}" in words(page)
    for said in CHOSEN[name]:
        assert said in words(page)


def test_a_querys_card_says_what_the_graph_says(world):
    model, trace, _ = world
    graph = llm_tt.anatomy.flow(model, trace, 3, top=10)
    page = page_of_link("anatomy", node="L3H3.query@13", drawn="3")
    place = graph.place_of("L3H3.query@13")
    assert table(page, "looked for")["id"].tolist() == graph.nodes.promoted[place].tolist()
    looks = table(page, "attention")
    assert looks["from"].iloc[0] == "·Mary (1)"
    assert looks["attention"].iloc[0] == pytest.approx(100 * float(trace.patterns[3][3, 13, 1]))


def test_a_keys_card_is_the_messages_with_its_own_reading():
    page = page_of_link("anatomy", node="L3H3.key@1-13", select="L3H3@1-13", drawn="3")
    assert not page.exception
    assert "Message of head 3 of layer 3" in words(page)
    assert "Found by and passed over by" in words(page)
    plain = page_of_link("anatomy", select="L3H3@1-13", drawn="3")
    assert "Found by" not in words(plain)


def test_closing_chooses_nothing():
    page = page_of_link("anatomy", node="L3H3.query@13", drawn="3")
    page.button(key="close-card").click().run()
    assert not page.exception
    assert "Click anything to read it here" in words(page)
