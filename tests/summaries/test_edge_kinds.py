"""How often kinds of messages are in graphs, counted by hand and by pandas."""

import numpy as np
import pytest

from llm_tt.summaries.edge_kinds import edge_kinds
from llm_tt.summaries.runs import runs_of_table
from tests.summaries.planted_runs import planted, planted_rows, random_contributions, table_of


def test_graphs_are_counted_once_and_only_those_that_could_have_one():
    after = np.full((4, 6), 0.5)
    after[3] = np.nan  # the last prompt repeats no token
    edges = [
        [("L0H1", "after_same", 2.0), ("L0H1", "after_same", 1.0), ("L1H0", "other", -1.0)],
        [("L0H1", "after_same", 4.0)],
        [],
        [("L1H0", "other", 5.0)],
    ]
    runs = planted(np.ones((4, 8)), edges=edges, attention={"after_same": after})
    first, second = edge_kinds(runs)
    assert (first.head, first.relation, first.n_possible) == ("L0H1", "after_same", 3)
    assert first.in_graphs.mean == pytest.approx(2 / 3)
    assert first.edges_per_graph == 1.5
    assert first.contribution == 3.5
    assert (second.head, second.relation, second.n_possible) == ("L1H0", "other", 4)
    assert (second.in_graphs.mean, second.contribution) == (0.5, 2.0)
    assert second.in_graphs.low < 0.5 < second.in_graphs.high


def test_the_same_as_pandas_in_each_group():
    generator = np.random.default_rng(0)
    kinds = [("L0H0", "previous"), ("L0H0", "self"), ("L1H2", "previous")]
    edges = [
        [(*kinds[kind], float(generator.normal())) for kind in generator.integers(0, 3, size=size)]
        for size in generator.integers(0, 6, size=30)
    ]
    attention = {name: np.full((30, 6), 0.5) for name in ("previous", "self")}
    rows = planted_rows(
        random_contributions(30), edges=edges, attention=attention, groups=["a", "b", "c"] * 10
    )
    runs, frame = runs_of_table(table_of(rows), "x"), table_of(rows).to_pandas()
    for group in ("a", "c"):
        chosen = frame[(frame["group"] == group) & (frame["kind"] == "edge")]
        found = edge_kinds(runs, group=group)
        assert len(found) == len(chosen.groupby(["layer", "head", "relation"]))
        for kind in found:
            own = chosen[
                chosen["component"].str.startswith(kind.head) & (chosen["relation"] == kind.relation)
            ]
            assert kind.n_possible == 10
            assert kind.in_graphs.mean == own["entry"].nunique() / 10
            assert kind.edges_per_graph == pytest.approx(len(own) / own["entry"].nunique())
            assert kind.contribution == pytest.approx(
                own["contribution"].sum() / own["entry"].nunique(), rel=1e-5
            )
        assert [kind.in_graphs.mean for kind in found] == sorted(
            (kind.in_graphs.mean for kind in found), reverse=True
        )


def test_an_edge_where_no_query_was_asked_still_has_its_graph():
    """What a prompt's first two tokens attend to is not measured, and they have messages all the same."""
    runs = planted(np.ones((2, 8)), edges=[[("L0H0", "same", 1.0)], []])
    (kind,) = edge_kinds(runs)
    assert (kind.n_possible, kind.in_graphs.mean) == (1, 1.0)


def test_no_edges_no_kinds():
    assert edge_kinds(planted(np.ones((2, 8)))) == ()
