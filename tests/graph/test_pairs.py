"""A pair's row is the sum of its heads, and names the strongest."""

from collections import defaultdict

import numpy as np
import pytest

from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.pairs import edges_by_pair
from tests.graph.random_shares import SHAPES, random_shares, rounded, signed


@pytest.mark.parametrize("threshold", [0.0, 0.1])
@pytest.mark.parametrize("shape", SHAPES)
def test_against_loops(shape, threshold):
    graph = build_graph(signed(rounded(random_shares(*shape)))).prune(threshold=threshold)
    members = defaultdict(list)
    ends = zip(graph.target.tolist(), graph.source.tolist(), graph.kind.tolist(), strict=True)
    for edge, label in enumerate(ends):
        members[label].append(edge)
    pairs = edges_by_pair(graph)
    rows = list(zip(pairs.target.tolist(), pairs.source.tolist(), pairs.kind.tolist(), strict=True))
    assert rows == sorted(members)
    for row, label in enumerate(rows):
        edges = members[label]
        assert pairs.weight[row] == pytest.approx(graph.weight[edges].sum())
        assert pairs.survival[row] == graph.survival[edges].max()
        heads = graph.head[edges].tolist()
        strongest = int(np.abs(graph.weight[edges]).argmax())
        assert pairs.strongest_head[row] == heads[strongest]
        assert pairs.n_heads[row] == (0 if heads == [NO_HEAD] else len(heads))


def test_attention_to_the_own_position_stays_apart_from_the_residual():
    graph = build_graph(random_shares(1, 3, 1))
    pairs = edges_by_pair(graph)
    assert pairs.kind.tolist() == [
        EdgeKind.ATTENTION,
        EdgeKind.RESIDUAL,
        EdgeKind.RESIDUAL,
        EdgeKind.MLP,
    ]
    assert pairs.n_heads.tolist() == [3, 0, 0, 0]


def test_parallel_blocks_have_three_kinds_between_the_same_nodes():
    pairs = edges_by_pair(build_graph(random_shares(1, 2, 1, parallel=True)))
    assert pairs.kind.tolist() == [EdgeKind.ATTENTION, EdgeKind.RESIDUAL, EdgeKind.MLP]


def test_an_empty_graph_has_no_pairs():
    pairs = edges_by_pair(build_graph(random_shares(1, 2, 2)).prune(threshold=2.0))
    assert len(pairs.source) == len(pairs.weight) == len(pairs.strongest_head) == 0
