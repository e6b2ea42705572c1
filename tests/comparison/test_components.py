"""Sums of heads and MLPs, against edges added up one by one."""

import numpy as np
import pytest

from llm_tt.comparison.alignment import align
from llm_tt.comparison.components import component_sums
from llm_tt.comparison.paired_graphs import pair_graphs
from llm_tt.graph.edges import EdgeKind
from tests.comparison.two_sides import graph_over

PAIR = pair_graphs(
    graph_over("abcd", 0, is_signed=True), graph_over("abxcd", 1, is_signed=True), align("abcd", "abxcd")
)


def plain(chosen):
    found = {}
    graph = PAIR.first
    for edge in np.flatnonzero(chosen):
        if graph.kind[edge] == EdgeKind.RESIDUAL:
            continue
        name = "mlp" if graph.kind[edge] == EdgeKind.MLP else f"H{graph.head[edge]}"
        key = f"L{graph.layer[edge]}{'.' if name == 'mlp' else ''}{name}@{graph.query[edge]}"
        sums = found.setdefault(key, [0.0, 0.0])
        sums[0] += float(graph.weight[edge])
        sums[1] += float(PAIR.second.weight[edge])
    return found


@pytest.mark.parametrize("seed", [0, 1])
def test_sums_and_the_largest_changes(seed):
    chosen = np.random.default_rng(seed).random(PAIR.first.n_edges) < 0.5
    sums, expected = component_sums(PAIR, chosen), plain(chosen)
    found = {str(one.part): [one.first, one.second] for one in sums.largest_changes(10_000)}
    moved = {name: numbers for name, numbers in expected.items() if numbers[0] != numbers[1]}
    assert found.keys() == moved.keys()
    assert all(found[name] == pytest.approx(moved[name]) for name in found)
    sizes = [abs(one.change) for one in sums.largest_changes(5)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(max(abs(b - a) for a, b in expected.values()))
    first, second = sums.wholes
    assert first.sum() == pytest.approx(sum(a for a, _ in expected.values()))
    assert second[3] == pytest.approx(
        sum(b for name, (_, b) in expected.items() if name.startswith("L0.mlp"))
    )
