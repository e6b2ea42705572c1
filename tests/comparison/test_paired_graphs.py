"""Laid over columns, each graph is the one it was, renamed."""

import pytest

from llm_tt.comparison.alignment import align
from llm_tt.comparison.paired_graphs import NO_TOKEN, pair_graphs
from llm_tt.errors import ComparisonError
from llm_tt.graph.candidates import edges_of_layer
from tests.comparison.two_sides import graph_over, named_edges

SIDES = [("abcd", "abcd"), ("abcde", "abxyde"), ("a", "xa"), ("abcd", "d")]


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(("first", "second"), SIDES)
def test_each_side_keeps_its_edges_weights_and_survivals(first, second, is_signed, parallel):
    sides = [
        graph_over(tokens, at, parallel=parallel, is_signed=is_signed)
        for at, tokens in enumerate((first, second))
    ]
    alignment = align(first, second)
    pair = pair_graphs(*sides, alignment)
    for side, (own, laid) in enumerate(zip(sides, (pair.first, pair.second), strict=True)):
        columns = alignment.columns_of(side)
        assert laid.target_position == columns[own.target_position]
        found = named_edges(laid)
        for edge, numbers in named_edges(own, lambda at, columns=columns: int(columns[at])).items():
            assert found.pop(edge) == numbers
        assert set(found.values()) <= {(0.0, 0.0)}
    for name in ("source", "target", "kind", "head"):
        assert (getattr(pair.first, name) == getattr(pair.second, name)).all()


@pytest.mark.parametrize("parallel", [False, True])
def test_common_edges_are_in_the_order_of_candidates(parallel):
    pair = pair_graphs(
        graph_over("abcd", 0, parallel=parallel),
        graph_over("abcd", 1, parallel=parallel),
        align("abcd", "abcd"),
    )
    own = graph_over("abcd", 0, parallel=parallel)
    for name in ("source", "target", "kind", "head", "weight", "survival"):
        assert (getattr(pair.first, name) == getattr(own, name)).all()
    assert pair.first.n_candidates == own.n_candidates


def test_a_column_names_both_tokens_and_a_side_without_a_token_has_no_id():
    pair = pair_graphs(graph_over("abc", 0), graph_over("axyc", 1), align("abc", "axyc"))
    assert pair.first.prompt.token_strings == pair.second.prompt.token_strings == ("a", "x", "b | y", "c")
    assert pair.first.prompt.token_ids == (ord("a"), NO_TOKEN, ord("b"), ord("c"))
    layer = edges_of_layer(pair.first.lattice, 3)
    assert pair.first.n_candidates == layer.n_edges * 2


def test_a_target_in_the_middle():
    first, second = (
        graph_over("abcd", 0, is_signed=True, target=1),
        graph_over("xabcd", 1, is_signed=True, target=2),
    )
    pair = pair_graphs(first, second, align("abcd", "xabcd", target=(1, 2)))
    assert pair.first.explains.position == pair.second.explains.position == pair.first.target_position == 2
    assert pair.first.query.max() == 2


@pytest.mark.parametrize(
    ("second", "alignment", "found"),
    [
        (
            graph_over("abc", 1, parallel=True),
            align("abc", "abc"),
            "2 layers of 3 heads, attention and MLP at once",
        ),
        (graph_over("abcd", 1), align("abc", "abc"), "3 and 3 tokens, the prompts have 3 and 4"),
        (
            graph_over("abc", 1, target=1),
            align("abc", "abc"),
            "positions 2 and 1, which the alignment keeps apart",
        ),
    ],
)
def test_what_cannot_lie_over_each_other(second, alignment, found):
    with pytest.raises(ComparisonError, match=found):
        pair_graphs(graph_over("abc", 0), second, alignment)


def test_units():
    shares, signed = graph_over("abc", 0), graph_over("abc", 1, is_signed=True)
    assert pair_graphs(shares, shares, align("abc", "abc")).is_one_unit
    assert not pair_graphs(shares, signed, align("abc", "abc")).is_one_unit
