"""The card of a head: its messages, its tokens, its maps."""

import pytest

from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part


def test_where_it_reads_from_by_weight(signed_view, open_card):
    table = open_card(signed_view, "L1H2@9").dataframe[0].value
    weights = signed_view.shares.attention[1, 2, 9, :10]
    assert list(table.logits) == pytest.approx(sorted(weights.tolist(), key=abs, reverse=True))
    assert table.attention.sum() == pytest.approx(100)


def test_its_tokens_are_the_whole_heads(view, open_card):
    page = open_card(view, "L1H2@9")
    head = written_by(view.model, view.trace, Part.named("L1H2@9"))
    promotion = promoted_tokens(view.model, view.trace, head, 9)
    assert list(page.dataframe[1].value.id) == list(promotion.promoted.token_ids)
    assert list(page.dataframe[2].value.id) == list(promotion.suppressed.token_ids)


def test_it_has_the_same_maps_as_its_messages(view, open_card):
    assert len(open_card(view, "L1H2@9").get("plotly_chart")) == 2
