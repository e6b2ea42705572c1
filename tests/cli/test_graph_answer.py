"""The answer to one prompt, where it is not seen through the command."""

import pytest

import llm_tt
from llm_tt.cli.graph_answer import GraphAnswer, Wanted
from llm_tt.cli.graph_question import asked_question
from llm_tt.render.graph_formats import FORMATS
from tests.cli.running import PROMPT


@pytest.fixture(scope="module")
def answer(small_world):
    question = asked_question(None, -1, None, None, {}, {"threshold": 0.2})
    return GraphAnswer.to(question, small_world, llm_tt.capture(small_world, PROMPT), Wanted(5, False, True))


def test_what_is_kept_is_a_part_of_the_whole(answer):
    assert answer.whole.n_edges == answer.whole.n_candidates == 1848
    assert (answer.kept.survival >= 0.2).all()
    assert answer.kept.n_edges == int((answer.whole.survival >= 0.2).sum())


def test_a_graph_without_a_route_is_said_to_be_one(small_world):
    question = asked_question(None, -1, None, None, {}, {"threshold": 2.0})
    wanted = Wanted(5, is_dark=False, measure=False)
    empty = GraphAnswer.to(question, small_world, llm_tt.capture(small_world, PROMPT), wanted)
    first, *rest = map(str, empty.to_print())
    assert first.startswith("Flow")
    assert rest == [
        "No route from an input token to the prediction is left.",
        "0 of 1,848 edges, 0 % of the weight",
    ]


def test_what_could_not_be_measured_is_said(answer, monkeypatch):
    card = llm_tt.check_faithfulness(answer.model, answer.trace, answer.kept)
    from dataclasses import replace

    unknown = replace(card, random_retained=None)
    monkeypatch.setattr("llm_tt.faithfulness.check.check_faithfulness", lambda *_, **__: unknown)
    assert answer.to_json()["faithfulness"]["random_retained"] is None
    assert "random ones nothing that could be measured" in answer.to_file(FORMATS["csv"])[1]


def test_a_page_is_measured_by_itself(answer, monkeypatch):
    monkeypatch.setattr(GraphAnswer, "_measured", lambda _: pytest.fail("the page does that"))
    content, about = answer.to_file(FORMATS["html"])
    assert content.startswith(b"<!doctype html>")
    assert "they keep" not in about
