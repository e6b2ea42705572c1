"""The Trace page, driven without a browser."""

import llm_tt
from llm_tt.lens.position_overview import overview_of
from llm_tt.render.visible_text import visible_token
from tests.app.driving import FAILED, choice_of, page_of_link, table, words

PROMPT = "When Mary and John went to the store, John gave a drink to"


def test_a_newcomer_sees_every_layer_and_the_strongest_one_open(world):
    page = page_of_link("trace")
    assert not page.exception
    assert FAILED not in words(page)
    overview = overview_of(*world)
    rows = table(page, "target rank")
    assert list(rows["predicts"]) == [visible_token(row.post.token) for row in overview.rows]
    assert list(rows["target rank"]) == [row.post.target_rank for row in overview.rows]
    assert "##### Layer 3 at ·to (13)" in words(page)


def test_the_edited_run_is_traced_too(world):
    page = page_of_link("trace", edits="ablate:L2H1")
    before = list(table(page, "target rank")["target rank"])
    choice_of(page, "traced").set_value("edited").run()
    assert not page.exception
    edited = llm_tt.run_with_edits(world[0], PROMPT, [llm_tt.Ablate.head(2, 1)])
    overview = overview_of(world[0], edited, world[2])
    after = list(table(page, "target rank")["target rank"])
    assert after == [row.post.target_rank for row in overview.rows] != before


def test_parallel_blocks_and_experts_have_a_trace_too(save_family):
    for family in ("GPT-NeoX", "Mixtral"):
        page = page_of_link("trace", model=str(save_family(family)), prompt="So it is")
        assert not page.exception
        assert FAILED not in words(page)


def test_a_bad_prompt_is_said(world):
    page = page_of_link("trace", prompt="x" * 5000, model="untrained")
    assert not page.exception
    assert "takes at most 2,048" in words(page)
