"""A graph in bytes: every column where the header says, and nothing that would not fit into a page."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.attribution.run_record import Prediction, RunRecord
from llm_tt.attribution.target import Target
from llm_tt.errors import GraphError
from llm_tt.graph.building import build_graph
from llm_tt.model.prompt import Prompt
from llm_tt.render.flow_budget import MAX_EDGES
from llm_tt.render.flow_payload import (
    NOTICEABLE_CHANGE,
    FlowCaption,
    OtherRun,
    flow_payload,
    graph_payload,
    visible_tokens,
)
from tests.graph.random_shares import SHAPES, random_shares, rounded, signed
from tests.render.flow_view.conftest import make_payload

DTYPES = {
    "weight": "<f4",
    "otherWeight": "<f4",
    "source": "<u4",
    "target": "<u4",
    "head": "<i2",
    "kind": "u1",
}


def unpacked(payload: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Header and columns, read as the module's first lines describe them."""
    assert payload[:4] == b"LTF1"
    length = int.from_bytes(payload[4:8], "little")
    header, at = json.loads(payload[8 : 8 + length]), 8 + length
    columns = {}
    for name, dtype in DTYPES.items():
        if name == "otherWeight" and header["other"] is None:
            continue
        assert at % 4 == 0
        columns[name] = np.frombuffer(payload, dtype, header["edges"], at)
        at += columns[name].nbytes + -columns[name].nbytes % 4
    assert at == len(payload)
    return header, columns


def assert_columns_are(columns, graph, chosen) -> None:
    for name in ("source", "target", "head", "kind"):
        assert columns[name].tolist() == getattr(graph, name)[chosen].tolist(), name
    assert columns["weight"].tolist() == graph.weight[chosen].astype("f4").tolist()


@pytest.mark.parametrize("shape", SHAPES)
def test_shares_are_sent_for_every_target_whichever_is_asked_for(shape):
    shares = random_shares(*shape)
    header, columns = unpacked(make_payload(shares, 0))
    graph = build_graph(shares)
    assert_columns_are(columns, graph, graph.weight > 0)
    assert header["everyTarget"]
    assert header["targetPosition"] == 0
    assert (header["floor"], header["hidden"], header["reachingMass"]) == (0, None, None)
    lattice = graph.lattice
    assert [header[name] for name in ("rows", "positions", "layers", "heads", "parallel")] == [
        lattice.n_rows,
        lattice.n_positions,
        lattice.n_layers,
        lattice.n_heads,
        lattice.has_parallel_blocks,
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_signed_contributions_are_sent_where_they_reach_their_target(shape):
    shares = signed(random_shares(*shape), position=0)
    header, columns = unpacked(make_payload(shares))
    graph = build_graph(shares)
    assert_columns_are(columns, graph, graph.survival > 0)
    assert not header["everyTarget"]
    assert header["signed"]
    reaching = np.abs(graph.weight[graph.survival > 0]).sum()
    assert header["reachingMass"] == pytest.approx(reaching, rel=1e-12)


@pytest.mark.parametrize("max_edges", [20, 50, 100])
def test_beyond_the_budget_the_weakest_stay(max_edges):
    shares = random_shares(3, 4, 7)
    graph = build_graph(shares)
    header, columns = unpacked(make_payload(shares, max_edges=max_edges))
    n_alive = np.count_nonzero(graph.survival > 0)
    assert 0 < header["edges"] <= max_edges < n_alive
    assert_columns_are(columns, graph, graph.survival >= header["floor"])
    left_out = graph.survival[(graph.survival > 0) & (graph.survival < header["floor"])]
    # The next ones that tie would be too many: not one edge more could have gone.
    assert header["edges"] + np.count_nonzero(left_out == left_out.max()) > max_edges
    assert header["hidden"]["edges"] == len(left_out)
    assert header["hidden"]["mass"] == pytest.approx(1 - graph.prune(threshold=header["floor"]).mass)


def test_edges_that_tie_go_together_even_beyond_the_budget():
    shares = rounded(random_shares(3, 4, 7))
    graph = build_graph(shares)
    strongest = graph.survival.max()
    n_ties = np.count_nonzero(graph.survival == strongest)
    assert n_ties > 1
    header, columns = unpacked(make_payload(shares, max_edges=1))
    assert header["edges"] == n_ties
    assert header["floor"] == strongest
    assert_columns_are(columns, graph, graph.survival == strongest)


def test_exactly_as_many_as_may_go():
    shares = random_shares(2, 3, 5)
    n_edges = np.count_nonzero(build_graph(shares).weight > 0)
    assert unpacked(make_payload(shares, max_edges=int(n_edges)))[0]["everyTarget"]
    assert not unpacked(make_payload(shares, max_edges=int(n_edges) - 1))[0]["everyTarget"]


@pytest.mark.parametrize("max_edges", [12, MAX_EDGES])
def test_of_two_methods_the_strongest_edges_of_both_are_sent(max_edges):
    shares, other = random_shares(2, 3, 6, seed=1), signed(random_shares(2, 3, 6, seed=2))
    header, columns = unpacked(make_payload(shares, other=other, max_edges=max_edges))
    graphs = [build_graph(shares), build_graph(other)]
    chosen = np.zeros(graphs[0].n_edges, bool)
    for graph in graphs:
        strongest = np.argsort(-graph.survival)[:max_edges]
        chosen[strongest[graph.survival[strongest] > 0]] = True
    assert_columns_are(columns, graphs[0], chosen)
    assert columns["otherWeight"].tolist() == graphs[1].weight[chosen].astype("f4").tolist()
    strongest = graphs[1].survival[np.argsort(-graphs[1].survival)[:max_edges]]
    floor = 0 if max_edges == MAX_EDGES else float(strongest.min())
    assert header["other"] == {"method": "relp", "label": "RelP", "signed": True, "floor": floor, "run": None}
    assert (header["method"], header["methodLabel"], header["signed"]) == ("ifr", "Flow", False)


def test_two_methods_without_a_target_are_sent_for_every_target():
    shares, other = random_shares(2, 3, 6, seed=1), random_shares(2, 3, 6, seed=2)
    header, columns = unpacked(make_payload(shares, 2, other=other))
    graphs = [build_graph(shares), build_graph(other)]
    assert header["everyTarget"]
    assert_columns_are(columns, graphs[0], (graphs[0].weight > 0) | (graphs[1].weight > 0))


def test_what_the_picture_says_is_in_the_header():
    shares = random_shares(1, 1, 2)
    said = (Prediction("\n", 0.25), Prediction("<b>", 0.75))
    caption = FlowCaption("a run", "a prompt", " Mary − John")
    shares = replace(shares, record=RunRecord(predictions=said))
    header, _ = unpacked(flow_payload(shares, 1, caption))
    assert (header["run"], header["prompt"], header["targetLabel"]) == ("a run", "a prompt", " Mary − John")
    assert header["predictions"] == [
        {"token": "⏎", "probability": 0.25},
        {"token": "<b>", "probability": 0.75},
    ]


def test_tokens_are_written_so_that_they_can_be_seen():
    prompt = Prompt("x", (1, 2, 3), (" a", "\ud83d", "\u202e東"))
    assert visible_tokens(prompt) == ["·a", "<U+D83D>", "<U+202E>東"]


@pytest.mark.parametrize(
    ("options", "unit"),
    [
        ({"method": "ifr"}, "of the sum"),
        ({"method": "relp"}, "to the logit"),
        ({"method": "gradact", "metric": "logprob"}, "to the log-probability"),
        ({"method": "relp", "contrast_token": 5}, "to the difference of logits"),
    ],
)
def test_the_unit_is_said(options, unit, tiny_model):
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, "abc"), **options)
    assert unpacked(make_payload(shares))[0]["unit"] == unit


def test_flow_over_all_paths_is_no_share_of_one_sum():
    graph = build_graph(random_shares(2, 2, 3), aggregate="flow")
    payload = graph_payload(graph, FlowCaption("run", "prompt", ""))
    assert unpacked(payload)[0]["unit"] == "of all that reaches the target"


def test_a_probability_that_is_no_number_never_reaches_the_browser():
    record = RunRecord(predictions=(Prediction("a", float("nan")),))
    shares = replace(random_shares(1, 1, 1), record=record)
    caption = FlowCaption("run", "prompt", "label")
    with pytest.raises(ValueError, match="not JSON compliant"):
        flow_payload(shares, 0, caption)


def test_where_nothing_reaches_the_target_nothing_is_sent():
    shares = signed(random_shares(2, 1, 3))
    for part in (shares.attention, shares.attention_residual):
        part[0] = 0
    header, columns = unpacked(make_payload(shares))
    assert header["edges"] == len(columns["kind"]) == 0
    assert header["reachingMass"] == 0


def test_weights_of_a_whole_model_arrive_unchanged(tiny_model):
    shares = llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, "some words"))
    assert shares.attention.dtype == torch.float32
    graph = build_graph(shares)
    _, columns = unpacked(make_payload(shares))
    assert columns["weight"].tolist() == graph.weight[graph.weight > 0].tolist()


def test_two_runs_say_what_they_are_and_have_one_floor():
    shares, other = random_shares(3, 4, 7), random_shares(3, 4, 7, seed=1)
    other = replace(other, record=RunRecord(predictions=(Prediction("\n", 0.5),) * 7))
    run = OtherRun("edited")
    header, columns = unpacked(make_payload(shares, other=other, other_run=run, max_edges=30))
    graphs = [build_graph(shares), build_graph(other)]
    floor = header["floor"]
    assert floor > 0
    chosen = (graphs[0].survival >= floor) | (graphs[1].survival >= floor)
    assert_columns_are(columns, graphs[0], chosen)
    assert columns["otherWeight"].tolist() == graphs[1].weight[chosen].astype("f4").tolist()
    said = header["other"]
    assert (said["label"], said["floor"]) == ("edited", floor)
    assert said["run"]["noticeable"] == NOTICEABLE_CHANGE
    assert said["run"]["predictions"] == [{"token": "⏎", "probability": 0.5}] * 7
    n_alive, left = np.count_nonzero(graphs[1].survival > 0), graphs[1].prune(threshold=floor)
    assert said["run"]["hidden"] == {"edges": n_alive - left.n_edges, "mass": pytest.approx(1 - left.mass)}


def test_the_runs_name_is_in_the_header_where_it_has_one():
    shares = random_shares(1, 1, 2)
    caption = FlowCaption("run", "prompt", "label", run_label="edited run")
    assert unpacked(flow_payload(shares, 1, caption))[0]["runLabel"] == "edited run"
    assert unpacked(make_payload(shares))[0]["runLabel"] is None


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (None, "no contributions of the other run"),
        (random_shares(2, 3, 5), "different prompts"),
        (replace(random_shares(2, 3, 4), method="relp"), "explained by ifr, the other one by relp"),
        (
            replace(random_shares(2, 3, 4), target=Target(3, 1, None, "logit")),
            "different predictions: None and",
        ),
    ],
)
def test_what_answers_another_question_is_no_other_run(other, found):
    with pytest.raises(GraphError, match=found) as raised:
        make_payload(random_shares(2, 3, 4), other=other, other_run=OtherRun("edited"))
    assert "same method to the same target" in raised.value.remedy
