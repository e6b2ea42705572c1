"""Two runs at one cut: what the browser calls gained, lost, changed is what two cuts of the library leave."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from llm_tt.comparison.difference import NOTICEABLE_CHANGE
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.render.flow_payload import OtherRun
from tests.graph.random_shares import SHAPES, random_shares, rounded, signed
from tests.render.flow_view.conftest import make_payload
from tests.render.flow_view.test_survival import asked, edges_of, telling_cuts, threshold_of

GAINED, LOST, STRONGER, WEAKER, SAME = range(1, 6)
CHANGES = {"shares": lambda shares: shares, "ties": rounded, "signed": signed}


def shares_of(shape, change):
    return CHANGES[change](random_shares(*shape, dtype=torch.float32))


def edited(shares, seed: int = 1):
    """Another run: some parts vanish, some grow, shrink or turn, some change unnoticeably, most stay."""
    generator = torch.Generator().manual_seed(seed)
    turned = -1.2 if shares.is_signed else 1.2
    factors = torch.tensor([0.0, 0.5, 0.89, 0.905, 1.0, 1.0, 1.0, 1.0, 1.0, 1.105, 1.12, 1.5, turned])

    def change(part):
        drawn = torch.randint(0, len(factors), part.shape, generator=generator)
        return part * factors[drawn].to(part.dtype)

    names = ("attention", "attention_residual", "mlp", "mlp_residual")
    parts = {name: getattr(shares, name) for name in names}
    return replace(shares, **{name: change(part) for name, part in parts.items() if part is not None})


def two_runs(shares, position=None, **options) -> bytes:
    return make_payload(shares, position, other=edited(shares), other_run=OtherRun("edited"), **options)


def weights_of(graph: FlowGraph) -> dict[tuple[int, ...], float]:
    edges = edges_of(graph.source, graph.target, graph.kind, graph.head)
    return dict(zip(edges, graph.weight.astype("f4").astype(float).tolist(), strict=True))


def became_in_the_library(ours: FlowGraph, theirs: FlowGraph) -> dict[tuple[int, ...], int]:
    """What each edge is, from what two calls of `prune` kept."""
    before, after = weights_of(ours), weights_of(theirs)
    became = dict.fromkeys(before.keys() - after.keys(), LOST)
    became |= dict.fromkeys(after.keys() - before.keys(), GAINED)
    for edge in before.keys() & after.keys():
        a, b = before[edge], after[edge]
        if abs(b - a) <= NOTICEABLE_CHANGE * max(abs(a), abs(b)):
            became[edge] = SAME
        else:
            became[edge] = STRONGER if abs(b) >= abs(a) else WEAKER
    return became


def assert_difference_is(answer, read, expected) -> None:
    edges = edges_of(read["source"], read["target"], read["kind"], read["head"])
    difference = answer["difference"]
    found = {edges[e]: became for e, became in enumerate(difference["became"]) if became}
    assert found == expected
    assert sorted(edges[e] for e in difference["drawn"]) == sorted(expected)
    numbers = [list(expected.values()).count(became) for became in range(6)]
    assert difference["counts"] == {
        "gained": numbers[GAINED],
        "lost": numbers[LOST],
        "stronger": numbers[STRONGER],
        "weaker": numbers[WEAKER],
        "changed": numbers[STRONGER] + numbers[WEAKER],
        "same": numbers[SAME],
    }


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_cut_has_the_differences_that_the_library_has(shape, change, ask_node):
    shares = shares_of(shape, change)
    ours = build_graph(shares)
    theirs = build_graph(edited(shares), ours.target_position)
    cuts = telling_cuts(ours) + [{"threshold": float(value)} for value in np.unique(theirs.survival)]
    position = ours.target_position
    read, *answers = ask_node(two_runs(shares), {"ask": "graph"}, *(asked(cut, position) for cut in cuts))
    seen = set()
    for cut, answer in zip(cuts, answers, strict=True):
        threshold = threshold_of(ours, cut)  # the same one for both, however it was said
        expected = became_in_the_library(ours.prune(**cut), theirs.prune(threshold=threshold))
        assert_difference_is(answer, read, expected)
        assert answer["edges"] == ours.prune(**cut).n_edges
        seen |= set(expected.values())
    if shape == (3, 4, 7, False):
        assert seen == {GAINED, LOST, STRONGER, WEAKER, SAME}


@pytest.mark.parametrize("position", [1, 4, 6])
def test_every_target_of_both_runs_is_there(position, ask_node):
    shares = shares_of((3, 4, 7), "shares")
    ours, theirs = build_graph(shares, position), build_graph(edited(shares), position)
    read, answer = ask_node(two_runs(shares), {"ask": "graph"}, asked({"threshold": 0.02}, position))
    assert read["everyTarget"]
    assert_difference_is(
        answer, read, became_in_the_library(ours.prune(threshold=0.02), theirs.prune(threshold=0.02))
    )


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("max_edges", [7, 20, 60])
def test_beyond_the_budget_differences_above_the_floor_are_the_librarys(change, max_edges, ask_node):
    shares = shares_of((3, 4, 7), change)
    ours = build_graph(shares)
    theirs = build_graph(edited(shares), ours.target_position)
    payload = two_runs(shares, max_edges=max_edges)
    cuts = [{"threshold": 0.0}, {"density": 1.0}, *telling_cuts(ours)]
    read, *answers = ask_node(payload, {"ask": "graph"}, *(asked(cut, ours.target_position) for cut in cuts))
    assert read["floor"] == read["other"]["floor"] > 0
    for cut, answer in zip(cuts, answers, strict=True):
        threshold = max(threshold_of(ours, cut), read["floor"])
        assert answer["threshold"] == threshold
        assert_difference_is(
            answer,
            read,
            became_in_the_library(ours.prune(threshold=threshold), theirs.prune(threshold=threshold)),
        )
    for graph, hidden in ((ours, read["hidden"]), (theirs, read["other"]["run"]["hidden"])):
        left = graph.prune(threshold=read["floor"])
        assert hidden["edges"] == np.count_nonzero(graph.survival > 0) - left.n_edges
        assert hidden["mass"] == pytest.approx(1 - left.mass)


@pytest.mark.parametrize("change", ["shares", "signed"])
def test_shares_of_what_is_kept_are_each_runs_own(change, ask_node):
    shares = shares_of((3, 4, 7), change)
    ours = build_graph(shares)
    theirs = build_graph(edited(shares), ours.target_position)
    cut = {"threshold": 0.03}
    read, answer = ask_node(
        two_runs(shares), {"ask": "graph"}, asked(cut, ours.target_position) | {"renormalized": True}
    )
    edges = edges_of(read["source"], read["target"], read["kind"], read["head"])
    for graph, kept, shown in (
        (ours, answer["kept"], answer["shown"]),
        (theirs, answer["difference"]["keptOther"], answer["difference"]["shownOther"]),
    ):
        expected = weights_of(graph.prune(**cut, renormalize=True))
        assert {edges[e]: shown[e] for e in kept} == pytest.approx(expected, rel=3e-7)


@pytest.mark.parametrize("fanned", [False, True])
def test_pairs_hold_every_edge_once_and_weigh_what_came_or_went(fanned, ask_node):
    shares = shares_of((2, 3, 6), "signed")
    read, answer = ask_node(
        two_runs(shares), {"ask": "graph"}, asked({"density": 0.6}, 5) | {"fanned": fanned}
    )
    difference, pairs = answer["difference"], answer["pairs"]
    assert sorted(e for pair in pairs for e in pair["edges"]) == sorted(difference["drawn"])
    assert len({pair["key"] for pair in pairs}) == len(pairs)
    beside: dict[int, list[float]] = {}
    for pair in pairs:
        assert {difference["became"][e] for e in pair["edges"]} == {pair["became"]}
        before = [0 if pair["became"] == GAINED else read["weight"][e] for e in pair["edges"]]
        after = [0 if pair["became"] == LOST else read["otherWeight"][e] for e in pair["edges"]]
        changes = [b - a for a, b in zip(before, after, strict=True)]
        assert pair["weight"] == pytest.approx(sum(changes))
        assert pair["strength"] == pytest.approx(sum(map(abs, changes)))
        beside.setdefault(pair["plain"], []).append(pair["bend"])
    assert max(map(len, beside.values())) > 1
    for bends in beside.values():
        assert len(set(bends)) == len(bends)  # none hides another one
    order = [(SAME, WEAKER, STRONGER, LOST, GAINED).index(pair["became"]) for pair in pairs]
    assert order == sorted(order)


def test_trails_are_those_of_each_run_alone(ask_node):
    shares = shares_of((3, 4, 7), "shares")
    other = edited(shares)
    (cut,) = ask_node(two_runs(shares), asked({"threshold": 0.02}, 6))
    assert len(cut["pairs"]) > 40
    question = asked({"threshold": 0.02}, 6) | {"ask": "trails"}
    for name in ("L1.post@3", "L2.mid@6", "L1.mlp@4", "L2.attention@3-6"):
        chosen = question | {"selected": name}
        ((both,), (ours,), (theirs,)) = (
            ask_node(payload, chosen)
            for payload in (two_runs(shares), make_payload(shares), make_payload(other, 6))
        )
        assert set(both["nodes"]) == set(ours["nodes"]) | set(theirs["nodes"]), name
        for kind in ("fed", "onward"):
            expected = {
                pair["key"]
                for pair in both["pairs"]
                if (pair["became"] != GAINED and pair["plain"] in ours[kind])
                or (pair["became"] != LOST and pair["plain"] in theirs[kind])
            }
            assert set(both[kind]) == expected, (name, kind)


def test_an_edge_that_one_run_keeps_has_trails_only_there(ask_node):
    shares = shares_of((3, 4, 7), "shares")
    question = asked({"threshold": 0.05}, 6)
    names, answer = ask_node(two_runs(shares), {"ask": "names"}, question)
    for absent, became in ((GAINED, LOST), (LOST, GAINED)):
        edge = next(e for e in answer["difference"]["drawn"] if answer["difference"]["became"][e] == became)
        (trails,) = ask_node(two_runs(shares), question | {"ask": "trails", "selected": names["edges"][edge]})
        lit = {
            pair["became"] for pair in trails["pairs"] if pair["key"] in {*trails["fed"], *trails["onward"]}
        }
        assert became in lit
        assert absent not in lit


def test_search_finds_what_only_the_other_run_keeps_and_where_it_would_come_in(ask_node):
    shares = random_shares(2, 2, 4, dtype=torch.float32)
    shares.attention[1, 1] = 0
    strong = replace(shares, attention=shares.attention.clone())
    strong.attention[1, 1, 3, 2] = 0.4
    payload = make_payload(shares, other=strong, other_run=OtherRun("edited"))
    survival = build_graph(strong).survival
    kept, cut = ask_node(
        payload,
        {"ask": "search", "text": "L1H1", "position": 3, "cut": {"unit": "threshold", "value": 1e-3}},
        {"ask": "search", "text": "L1H1", "position": 3, "cut": {"unit": "threshold", "value": 0.9}},
    )
    assert kept["found"] == ["L1H1@2-3"]
    assert cut["found"] == []
    assert cut["hidden"]["name"] == "L1H1@2-3"
    assert np.float32(cut["hidden"]["threshold"]) in survival


def test_two_methods_are_no_difference(ask_node):
    shares = random_shares(2, 3, 4, dtype=torch.float32)
    (answer,) = ask_node(make_payload(shares, other=edited(shares)), asked({"density": 0.3}, 3))
    assert answer["difference"] is None
    assert answer["inOther"] is not None


def test_a_run_compared_with_itself_has_only_the_same(ask_node):
    shares = random_shares(2, 3, 4, dtype=torch.float32)
    payload = make_payload(shares, other=shares, other_run=OtherRun("again"))
    (answer,) = ask_node(payload, asked({"density": 0.3}, 3))
    assert answer["difference"]["counts"]["same"] == answer["edges"] == len(answer["difference"]["drawn"])
