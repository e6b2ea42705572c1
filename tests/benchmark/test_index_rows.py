"""The index and a search in it, with the goals of the design."""

import llm_tt
from llm_tt.benchmark.index_rows import index_rows


def test_rows():
    index, search = index_rows(llm_tt.load_model("untrained"), turns=1)
    assert index.work == "index of 2,048 neurons"
    assert search.goal == "≤ 20 ms"
    assert index.reached
    assert "once" in index.spread
    assert search.measured.endswith(" ms")
