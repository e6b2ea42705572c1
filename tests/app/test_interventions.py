"""Interventions act on the run, and what they do is said above every page."""

import pytest

import llm_tt
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token
from tests.app.driving import choice_of, choices_of, graph_of, page_of_link, words

PROMPT = "When Mary and John went to the store, John gave a drink to"


def head_line(page) -> str:
    return next(line for line in words(page).split("\n") if line.startswith("**Interventions**"))


def test_the_prediction_before_and_after():
    model = llm_tt.load_model("small-world")
    edits = [llm_tt.Ablate.head(2, 1), llm_tt.Scale.mlp(2, 0.5, positions=(13,))]
    line = head_line(page_of_link(edits="ablate:L2H1;scale:L2.mlp:0.5:p=13"))
    for trace in (llm_tt.capture(model, PROMPT), llm_tt.run_with_edits(model, PROMPT, edits)):
        ranking = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=1)
        assert (
            f"**{visible_token(ranking.token_strings[0])}** {percent_text(ranking.probabilities[0])}" in line
        )
    assert "at ·to (13), KL " in line


def test_no_change_is_said_so():
    assert "no change at ·to (13)" in head_line(page_of_link(edits="scale:L0H0:1"))
    assert "no change at ·to (13)" in head_line(page_of_link(edits="scale:L0H0:3:p=generated"))


def test_what_is_switched_off_does_nothing():
    page = page_of_link(edits="ablate:L2H1")
    page.toggle(key="edit0-on").set_value(False).run()
    assert "→" not in head_line(page)
    assert graph_of(page)["run"] == graph_of(page_of_link())["run"]
    assert "run" not in choices_of(page)


def test_edits_that_no_model_can_stand_are_said_and_can_be_taken_back():
    page = page_of_link(edits=";".join(["scale:L0.mlp:1000000.0"] * 7), model="untrained")
    assert not page.exception
    assert "no numbers any more" in words(page)
    assert graph_of(page)["run"] == graph_of(page_of_link(model="untrained"))["run"]
    page.button(key="clear-basket").click().run()
    assert "no numbers any more" not in words(page)


def test_an_edit_that_cannot_be_made_does_not_take_the_others_along():
    page = page_of_link(edits="ablate:L2H1;steer:1:1.0:t=%20Mary:a=%20Mary")
    assert not page.exception
    assert "→ **·John**" in head_line(page)
    assert "Both are the same token." in words(page)


@pytest.mark.parametrize("shown", ["edited", "difference"])
def test_the_graph_of_the_edited_run(shown):
    base = graph_of(page_of_link())
    page = page_of_link(edits="ablate:L2H1", run=shown)
    assert not page.exception
    graph = graph_of(page)
    assert choice_of(page, "run").value == shown
    assert graph["run"] != base["run"]
    assert graph["prompt"] == base["prompt"]
