"""What the graph gets: bytes made once, and news that arrives when it is there."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.app import cached, flow_parts
from llm_tt.app.flow_parts import Picture, payload_of
from llm_tt.app.question import Question
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import MemoryLimitError
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.building import build_graph
from llm_tt.model.spec import ModelSpec
from llm_tt.render.flow_news import curve_news, densities_of_meter, node_labels
from tests.app.driving import choose_label, click, graph_of, news_of, page_of_link, wait_for_background, words

PROMPT = "The capital of Japan is the city of"


@pytest.fixture(scope="module")
def asked():
    """The small world, its trace of the prompt, and the target that is its own prediction."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    return model, trace, resolve_target(model, trace)


def picture_of(target, method="ifr", compared_with=None) -> Picture:
    return Picture(
        cached.Run(ModelSpec("small-world"), PROMPT), Question(method, compared_with, target), "prompt"
    )


def test_pictures_are_told_apart_by_what_was_computed(asked):
    _, _, target = asked
    elsewhere = replace(target, position=2)
    name = picture_of(target).name
    assert picture_of(elsewhere).name == name  # Flow is the same for every target
    others = [
        replace(picture_of(target), prompt="another"),
        picture_of(target, "relp"),
        picture_of(elsewhere, "relp"),
        picture_of(replace(target, token_id=3), "relp"),
        picture_of(replace(target, contrast_id=3), "relp"),
        picture_of(target, "gradact"),
        picture_of(target, "relp", "ifr"),
        picture_of(target, "ifr", "relp"),
        picture_of(elsewhere, "ifr", "relp"),
    ]
    names = {name, *(other.name for other in others)}
    assert len(names) == 1 + len(others)
    assert {len(name) for name in names} == {16}


def test_the_bytes_are_made_once(asked, monkeypatch):
    _, _, target = asked
    cached.kept.clear()
    first = payload_of(picture_of(target, "relp", "ifr"))
    monkeypatch.setattr(flow_parts, "flow_payload", lambda *_, **__: pytest.fail("they were made again"))
    assert payload_of(picture_of(target, "relp", "ifr")) is first


def test_news_arrives_when_it_is_there(asked):
    model, trace, target = asked
    page = page_of_link(prompt=PROMPT, method="relp")
    wait_for_background()
    news = news_of(page.run())
    assert not news["pending"]
    assert (news["run"], news["prompt"]) == (graph_of(page)["run"], graph_of(page)["prompt"])
    graph = build_graph(llm_tt.attribute(model, trace, "relp"))
    assert news["labels"] == node_labels(model, trace, graph)
    curve = faithfulness_curve(model, trace, graph, densities_of_meter(graph), target=target)
    expected = curve_news(curve, "the prediction")
    assert [point["edges"] for point in news["curve"]["points"]] == [p["edges"] for p in expected["points"]]
    for told, point in zip(news["curve"]["points"], expected["points"], strict=True):
        assert told == pytest.approx(point, rel=1e-5, abs=1e-6)
    assert news["curve"]["what"] == "the prediction"


def test_while_something_is_missing_the_browser_comes_back(monkeypatch):
    monkeypatch.setattr(flow_parts.background, "ask", lambda key, make: flow_parts.Answer())
    news = news_of(page_of_link(prompt=PROMPT))
    assert news["pending"]
    assert news["labels"] is news["curve"] is None


def test_of_a_difference_the_curve_says_so():
    page = page_of_link(prompt=PROMPT, method="relp", contrast="·Paris")
    wait_for_background()
    assert news_of(page.run())["curve"]["what"] == "the difference"


def test_a_curve_that_cannot_be_measured_is_said_in_a_line(monkeypatch):
    def full(*arguments, **options):
        raise MemoryLimitError(asked="Measure.", found="It needs 9 GiB.", remedy="Wait.")

    monkeypatch.setattr(flow_parts, "faithfulness_curve", full)
    page = page_of_link(prompt=f"{PROMPT} and", method="relp")
    wait_for_background()
    news = news_of(page.run())
    assert news["curve"] == {"points": [], "note": "not measured: It needs 9 GiB."}
    assert not news["pending"]
    assert "That did not work" not in words(page)


def test_the_curve_of_a_graph_that_is_gone_is_dropped_and_its_labels_are_not(monkeypatch):
    dropped = []
    monkeypatch.setattr(flow_parts.background, "drop", dropped.append)
    page = page_of_link(prompt=PROMPT, method="relp")
    page.run()
    click(page, "selection", part="L1.mlp@3")
    assert dropped == []
    choose_label(page, "token", "·Paris")
    ((kind, picture),) = dropped
    assert kind == "curve"
    assert picture.question.method == "relp"


def test_news_that_fail_are_an_error_and_no_traceback(monkeypatch):
    page = page_of_link(prompt=PROMPT)

    def fail(*arguments, **options):
        raise MemoryLimitError(asked="Tell.", found="Full.", remedy="Wait.")

    monkeypatch.setattr(flow_parts.background, "ask", fail)
    page.run()
    assert not page.exception
    assert [line.value for line in page.text] == ["Tell.", "Full.", "Wait."]


def test_of_another_token_the_meter_names_it(asked):
    model, trace, predicted = asked
    other = resolve_target(model, trace, token=" Paris")
    assert flow_parts._what_is_kept(model, trace, other) == "·Paris"
    assert flow_parts._what_is_kept(model, trace, predicted) == "the prediction"
