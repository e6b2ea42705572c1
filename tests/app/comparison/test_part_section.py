"""The card of a part: its weights and the tokens that it promotes in both runs."""

import pytest

import llm_tt
from tests.app.comparison.comparing import FIRST, LONGER, compare_page
from tests.app.driving import table, words


@pytest.fixture(scope="module")
def both():
    model = llm_tt.load_model("small-world")
    return llm_tt.compare(llm_tt.explain(model, FIRST, "relp"), llm_tt.explain(model, LONGER, "relp"))


def test_tokens_and_weights_are_the_librarys(both):
    page = compare_page(b_prompt=LONGER, both="L2H1@14")
    found = both.promoted("L2H1@14", top=8)
    shown = table(page, "rank A")
    assert list(shown["change"]) == pytest.approx([token.change for token in found.tokens])
    assert list(shown["rank B"]) == [token.second_rank for token in found.tokens]
    for name, run, at in (("A", both.first, 13), ("B", both.second, 14)):
        weight = f"{float(run.shares.attention[2, 1, at].sum()):+.2f} logits".replace("-", "\N{MINUS SIGN}")
        assert f"{name}: Head 1 of layer 2, all that it brings to ·to ({at}): {weight}" in words(page)


def test_a_side_without_that_token():
    page = compare_page(b_prompt=LONGER, both="L0.mlp@7")
    assert "A: has no token there" in words(page)
    assert "B: MLP of layer 0 at ·big (7)" in words(page)
    assert table(page, "rank A")["A"].isna().all()


def test_it_can_be_closed():
    page = compare_page(both="L2H1@13")
    page.button(key="close-part").click().run()
    assert page.session_state["both"] is None
    assert "to see what it promotes in both runs" in words(page)
