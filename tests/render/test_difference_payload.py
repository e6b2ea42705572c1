"""What the browser gets of two runs: it counts in it what the library counts."""

import json

import pytest

import llm_tt
from llm_tt.render.difference_payload import difference_payload, sides_payload
from llm_tt.render.pictures import picture_svg
from tests.render.flow_view.conftest import ask_node  # noqa: F401 (a fixture)


def header_of(payload: bytes) -> dict:
    return json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])


def counted(answer) -> list[int]:
    return [answer["difference"]["counts"][name] for name in ("gained", "lost", "stronger", "weaker", "same")]


@pytest.mark.parametrize("threshold", [None, 0.05, 0.64, 3.0])
def test_the_browser_counts_what_the_library_does(two_runs_compared, threshold, ask_node):  # noqa: F811
    both = two_runs_compared
    payload = difference_payload(both, both.pair, "name")
    cut = None if threshold is None else {"unit": "threshold", "value": threshold}
    [answer] = ask_node(payload, {"ask": "cut", "position": both.pair.first.target_position, "cut": cut})
    difference = both.difference(threshold)
    assert answer["threshold"] == difference.threshold
    counts = difference.counts
    assert counted(answer) == [counts.gained, counts.lost, counts.stronger, counts.weaker, counts.same]
    assert min(counted(answer)) > 0 or threshold == 3.0
    assert answer["candidates"] == both.pair.first.n_candidates


def test_beyond_the_budget_what_is_left_is_exact(two_runs_compared, ask_node):  # noqa: F811
    both = two_runs_compared
    payload = difference_payload(both, both.pair, "name", max_edges=40)
    floor = header_of(payload)["floor"]
    assert floor > 0
    cut = {"unit": "threshold", "value": 0.0}
    [answer] = ask_node(payload, {"ask": "cut", "position": both.pair.first.target_position, "cut": cut})
    counts = both.difference(floor).counts
    assert counted(answer) == [counts.gained, counts.lost, counts.stronger, counts.weaker, counts.same]


def test_what_the_picture_says(two_runs_compared):
    both = two_runs_compared
    header = header_of(difference_payload(both, both.pair, "name"))
    assert header["tokens"][7:11] == ["·big", "·store", ",", "·John | ·Mary"]
    assert header["predictions"][7] is None
    assert header["predictions"][-1]["token"] == "·Mary"
    assert header["other"]["run"]["predictions"][-1]["token"] == "·John"
    assert (header["runLabel"], header["other"]["label"]) == ("A", "B")
    assert not header["everyTarget"]
    svg = picture_svg(difference_payload(both, both.pair, "name"))
    assert "A → B" in svg
    assert "·John | ·Mary" in svg


def test_other_units_are_compared_by_number(world_model, ask_node):  # noqa: F811
    text = "When Mary and John went to the store, John gave a drink to"
    both = llm_tt.compare(llm_tt.explain(world_model, text), llm_tt.explain(world_model, text, "relp"))
    payload = difference_payload(both, both.pair, "name")
    header = header_of(payload)
    assert header["other"]["run"] is None
    assert header["other"]["label"] == "RelP"
    [answer] = ask_node(payload, {"ask": "cut", "position": 13, "cut": None})
    overlap = both.numbers().likeness.overlap
    assert answer["agreement"] == pytest.approx(2 * overlap / (1 + overlap))  # of as many edges on both sides


def test_both_sides_are_their_own_graphs(two_runs_compared, ask_node):  # noqa: F811
    payload = sides_payload(two_runs_compared, "name", ("one", "two"))
    assert payload[:4] == b"LTP1"
    header = header_of(payload)
    assert header["columns"][7:9] == [[None, 7], [7, 8]]
    assert header["oneUnit"] is True
    start = 8 + int.from_bytes(payload[4:8], "little")
    for run, length, name in zip(
        (two_runs_compared.first, two_runs_compared.second), header["lengths"], ("one", "two"), strict=True
    ):
        graph, start = payload[start : start + length], start + length
        [answer] = ask_node(
            graph, {"ask": "cut", "position": run.target.position, "cut": {"unit": "threshold", "value": 0.5}}
        )
        assert answer["edges"] == run.graph.prune(threshold=0.5).n_edges
        assert header_of(graph)["prompt"] == name
    assert start == len(payload)
