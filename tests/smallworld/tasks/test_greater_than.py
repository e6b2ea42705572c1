"""Greater-than: what counts as right."""

import re

from llm_tt.smallworld.generation import generate


def test_asking_for_later_years_lists_them_all():
    for asked in generate("greater_than", 50, 1, "held_out"):
        year = int(re.search(r"\d\d(\d\d)", asked.prompt).group(1))
        assert {int(text) for text in asked.accepted} == set(range(year + 1, 100))
        assert {int(text) for text in asked.rejected} == set(range(year + 1))
