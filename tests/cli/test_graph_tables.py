"""A graph's routes and edges in a terminal, against a graph made by hand."""

from dataclasses import replace

import llm_tt
from llm_tt.attribution.run_record import Explained, Prediction, RunRecord
from llm_tt.cli.graph_tables import edges_table, explained_line, routes_table
from llm_tt.graph.edges import EdgeKind
from tests.graph.random_shares import by_hand, random_shares, signed

SAID = RunRecord(predictions=(Prediction("x", 0.25), Prediction(" y", 0.5)))


def rows_of(table) -> list[list[str]]:
    return list(
        map(list, zip(*([str(cell) for cell in column.cells] for column in table.columns), strict=True))
    )


def test_routes_leave_out_what_only_carries_on():
    graph = llm_tt.build_graph(by_hand())
    rows = rows_of(routes_table(graph, 3))
    assert rows[0] == ["a (0) → L0H0@0-1 → L0.mlp@1", "40.0 %", "20.00 %"]
    assert rows[1] == ["b (1) → L0.mlp@1", "30.0 %", "12.00 %"]
    assert len(rows) == 2, "the same states one after the other are one route"


def test_a_route_without_a_message_or_mlp_is_carried_on():
    shares = by_hand()
    nothing = replace(shares, attention=shares.attention * 0, mlp=shares.mlp * 0)
    assert rows_of(routes_table(llm_tt.build_graph(nothing), 3)) == [
        ["b (1) → carried on", "20.0 %", "6.00 %"]
    ]


def test_edges_are_the_strongest_but_for_residual_ones():
    graph = llm_tt.build_graph(by_hand()).prune(threshold=0.1)
    rows = rows_of(edges_table(graph, 2))
    assert rows == [
        ["L0H0@0-1", "a (0)", "b (1)", "50.0 %", "40.0 %"],
        ["L0.mlp@1", "b (1)", "b (1)", "40.0 %", "40.0 %"],
    ]
    whole = llm_tt.build_graph(random_shares(2, 2, 3))
    n_others = int((whole.kind != EdgeKind.RESIDUAL).sum())
    assert len(rows_of(edges_table(whole, whole.n_edges))) == n_others < whole.n_edges


def test_signed_weights_have_their_unit_and_no_share():
    graph = llm_tt.build_graph(signed(random_shares(2, 3, 4)))
    routes = routes_table(graph, 1)
    assert [column.header for column in routes.columns] == ["route", "narrowest"]
    assert rows_of(routes)[0][1].endswith(" logits")
    weights = [row[3] for row in rows_of(edges_table(graph, 50))]
    assert {weight[0] for weight in weights} == {"+", "\N{MINUS SIGN}"}
    target = replace(graph.explains, metric="logprob")
    assert "nats" in rows_of(edges_table(replace(graph, explains=target), 1))[0][3]
    against = replace(target, contrast_id=3)  # the difference is the same for both
    assert "logits" in rows_of(edges_table(replace(graph, explains=against), 1))[0][3]


def test_what_is_explained_in_one_line():
    graph = replace(llm_tt.build_graph(by_hand()), record=SAID)
    assert explained_line(graph) == "Flow: shares of what reaches b (1); prediction ·y 50.0 %"
    alone = replace(graph, method="relp", record=replace(SAID, explained=Explained(" M", None, 0.75)))
    assert explained_line(alone) == "RelP: contributions to ·M 75.0 % after b (1)"
    against = replace(alone, record=replace(SAID, explained=Explained(" M", " J", -1.5)))
    assert explained_line(against) == "RelP: contributions to ·M against ·J (−1.50 logits) after b (1)"
