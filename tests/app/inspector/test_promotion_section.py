"""Promoted and suppressed side by side, with as many decimals as their size needs."""

import json

from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part


def test_both_ends_of_the_vocabulary(view, open_card):
    promoted, suppressed = (table.value for table in open_card(view, "L1.mid.residual@9").dataframe)
    vector = written_by(view.model, view.trace, Part.named("L1.mid.residual@9"))
    found = promoted_tokens(view.model, view.trace, vector, 9)
    assert list(promoted.logit) == list(found.promoted.changes)
    assert list(suppressed.logit) == list(found.suppressed.changes)
    assert (promoted.logit > 0).all()
    assert (suppressed.logit < 0).all()


def test_small_changes_are_not_rounded_to_nothing(view, open_card):
    """Of the weakest message along an edge; both tables agree."""
    heads = view.shares.heads_of_edge(1, 9, 2)
    page = open_card(view, f"L1H{int(heads.argmin())}@2-9")
    tables = page.dataframe[1:]
    largest = max(table.value.logit.abs().max() for table in tables)
    formats = [json.loads(table.proto.columns)["logit"]["type_config"]["format"] for table in tables]
    assert formats[0] == formats[1]
    assert float(formats[0] % largest) != 0
