"""The card of a residual edge reads the state that was taken over."""

from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part


def test_it_reads_the_state_before(view, open_card, words):
    page = open_card(view, "L1.mid.residual@9")
    before = written_by(view.model, view.trace, Part.named("L0.post@9"))
    promotion = promoted_tokens(view.model, view.trace, before, 9)
    assert list(page.dataframe[0].value.id) == list(promotion.promoted.token_ids)
    share = 100 * float(view.shares.attention_residual[1, 9])
    assert f"{share:.1f} % of L1.mid" in words(page)
