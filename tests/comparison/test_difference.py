"""What became of each edge, against a reference that asks them one by one."""

import numpy as np
import pytest

from llm_tt.comparison.alignment import align
from llm_tt.comparison.difference import Became, compare_graphs, main_threshold
from llm_tt.errors import ComparisonError
from llm_tt.graph.edges import edge_label
from tests.comparison.two_sides import graph_over, plain_difference

SIDES = [("abcd", "abcd"), ("abcde", "abxyde"), ("a", "xa"), ("abcd", "d")]


def found_in(difference) -> dict[tuple, str]:
    graph = difference.first
    columns = (graph.source, graph.target, graph.kind, graph.head, difference.became)
    return {
        (graph.lattice.name_of(source), graph.lattice.name_of(target), edge_label(kind, head)): Became(
            became
        ).label
        for source, target, kind, head, became in zip(*(c.tolist() for c in columns), strict=True)
        if became != Became.NEITHER
    }


@pytest.mark.parametrize("threshold", [0.0, 0.02, 0.1, 0.25, 2.0])
@pytest.mark.parametrize(("is_signed", "ties"), [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize(("first", "second"), SIDES)
def test_each_edge_became_what_a_plain_search_says(first, second, is_signed, ties, threshold):
    sides = [
        graph_over(tokens, at, is_signed=is_signed, ties=ties) for at, tokens in enumerate((first, second))
    ]
    alignment = align(first, second)
    difference = compare_graphs(*sides, alignment, threshold=threshold)
    plain = plain_difference(*sides, alignment, threshold)
    assert found_in(difference) == plain
    told = list(plain.values())
    counts = difference.counts
    assert [counts.gained, counts.lost, counts.stronger, counts.weaker, counts.same] == [
        told.count(word) for word in ("gained", "lost", "stronger", "weaker", "same")
    ]


def test_a_graph_beside_itself_is_the_same():
    graph = graph_over("abcd", 0)
    difference = compare_graphs(graph, graph, align("abcd", "abcd"))
    assert difference.threshold == main_threshold(graph)
    assert difference.counts.overlap == 1
    assert difference.counts.same == np.count_nonzero(difference.is_drawn) > 0
    assert (difference.change == 0).all()
    assert compare_graphs(graph, graph, align("abcd", "abcd"), threshold=9.0).counts.overlap is None


def test_the_other_way_round_gained_is_lost():
    sides, alignment = (graph_over("abcd", 0), graph_over("abxd", 1)), align("abcd", "abxd")
    there = compare_graphs(*sides, alignment, threshold=0.1).counts
    back = compare_graphs(*sides[::-1], alignment, threshold=0.1).counts
    assert (there.gained, there.lost, there.stronger) == (back.lost, back.gained, back.weaker)
    assert there.gained > 0
    assert there.changed > 0


def test_other_units_are_refused():
    with pytest.raises(ComparisonError, match="Weights of ifr and of relp are in different units"):
        compare_graphs(graph_over("ab", 0), graph_over("ab", 1, is_signed=True), align("ab", "ab"))
