"""The header of a graph's file: plain values, and checked when they come back."""

import json
from dataclasses import replace

import pytest

import llm_tt
from llm_tt.attribution.run_record import RunRecord
from llm_tt.graph.building import build_graph
from llm_tt.graph.graph_header import fields_from, header_of
from tests.graph.random_shares import random_shares, signed


@pytest.fixture
def header() -> dict:
    return header_of(build_graph(signed(random_shares(2, 3, 4))))


def test_it_says_what_a_reader_needs(tiny_model):
    trace = llm_tt.capture(tiny_model, "abc")
    shares = llm_tt.attribute(tiny_model, trace, "relp", target_token=5, contrast_token=7, metric="logprob")
    header = json.loads(json.dumps(header_of(build_graph(shares))))
    assert (header["format"], header["version"]) == ("llm_tt.graph", 1)
    assert header["model"] == tiny_model.spec.source
    assert header["target"] == {"position": 2, "token_id": 5, "contrast_id": 7, "metric": "logprob"}
    assert header["explained"]["value"] == pytest.approx(float(trace.logits[-1, 5] - trace.logits[-1, 7]))
    assert [said["token"] for said in header["predictions"]] == list(
        tiny_model.token_strings(trace.logits.argmax(-1).tolist())
    )
    assert fields_from(header)["record"] == shares.record
    assert fields_from(header)["prompt"] == trace.prompt


def test_what_is_special_about_positions_comes_back_and_no_other_position_does(header):
    prompt = header["prompt"] | {"special_positions": [0, 3, 4, -1], "added_positions": [0]}
    read = fields_from(header | {"prompt": prompt})["prompt"]
    assert (read.special_positions, read.added_positions) == ({0, 3}, {0})
    shares = random_shares(1, 1, 4)
    graph = build_graph(replace(shares, prompt=read))
    written = header_of(graph)["prompt"]
    assert (written["special_positions"], written["added_positions"]) == ([0, 3], [0])


def test_an_edited_run_says_so(tiny_model):
    trace = llm_tt.run_with_edits(tiny_model, "abc", [llm_tt.Ablate.head(0, 0)])
    header = header_of(build_graph(llm_tt.attribute(tiny_model, trace)))
    assert header["edited"] is True
    assert header["target"] is header["explained"] is None
    assert header["edits"] == ["Head L0H0 off (mean) at all positions"]
    assert fields_from(header)["record"].is_edited
    assert fields_from(header)["record"].edits == tuple(header["edits"])


def test_contributions_made_by_hand_have_no_record(header):
    assert fields_from(header)["record"] == RunRecord()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"format": "x"}, "format"),
        ({"version": True}, "version 1"),
        ({"version": 2}, "version 1"),
        ({"method": "x"}, "'x', not one of ifr"),
        ({"aggregate": "x"}, "'x', not one of threshold"),
        ({"target_position": 4}, "not 0 to 3"),
        ({"target": {"position": 2, "token_id": 0, "metric": "logit"}}, "'position' is 2"),
        ({"target": {"position": 3, "token_id": 0, "metric": "x"}}, "'x', not one of logit"),
        ({"shape": {"layers": 9_999, "heads": 1, "positions": 4, "parallel_blocks": 0}}, "true or false"),
        ({"predictions": [{"token": "a", "probability": 0.5}]}, "1 predictions for 4 tokens"),
        ({"prompt": {"text": "", "token_ids": [], "token_strings": []}}, "0 token_ids"),
        ({"prompt": {"text": "", "token_ids": [1], "token_strings": ["a", "b"]}}, "1 token_ids and 2"),
    ],
)
def test_what_cannot_be_is_refused(change, found, header):
    with pytest.raises(ValueError, match=found):
        fields_from(header | change)


def test_a_few_letters_cannot_ask_for_all_memory(header):
    tokens = {"token_ids": [1] * 3000, "token_strings": ["a"] * 3000}
    large = {"layers": 10_000, "heads": 1, "positions": 3000, "parallel_blocks": False}
    with pytest.raises(ValueError, match="60,003,000 states, more than fit"):
        fields_from(header | {"prompt": header["prompt"] | tokens, "shape": large})
