"""Two graphs of made-up contributions over prompts of given tokens."""

from dataclasses import replace

import numpy as np
import torch

from llm_tt.comparison.alignment import Alignment
from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import edge_label
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.prompt import Prompt
from tests.graph.random_shares import random_shares, rounded, signed


def graph_over(  # noqa: PLR0913 (a shape, and how its weights are)
    tokens: str,
    seed: int,
    *,
    parallel: bool = False,
    is_signed: bool = False,
    ties: bool = False,
    target: int = -1,
) -> FlowGraph:
    """A token a letter; two layers of three heads."""
    shares = random_shares(2, 3, len(tokens), parallel, seed=seed, dtype=torch.float32)
    if ties:
        shares = rounded(shares)
    if is_signed:
        shares = signed(shares, target, seed)
    shares = replace(shares, prompt=Prompt(tokens, tuple(map(ord, tokens)), tuple(tokens)))
    return build_graph(shares, target)


def named_edges(graph: FlowGraph, rename=lambda position: position) -> dict[tuple, tuple[float, float]]:
    """Weight and survival of every edge, by the names of its ends and its kind; positions may be renamed."""

    def name(node: int) -> str:
        place = graph.lattice.place_of(node)
        return str(replace(place, position=rename(place.position)))

    columns = (graph.source, graph.target, graph.kind, graph.head, graph.weight, graph.survival)
    return {
        (name(source), name(target), edge_label(kind, head)): (weight, survival)
        for source, target, kind, head, weight, survival in zip(*(c.tolist() for c in columns), strict=True)
    }


def plain_difference(
    first: FlowGraph, second: FlowGraph, alignment: Alignment, threshold: float
) -> dict[tuple, str]:
    """What became of each edge, one by one."""
    sides = [
        named_edges(graph, lambda at, side=side: [c[side] for c in alignment.columns].index(at))
        for side, graph in enumerate((first, second))
    ]
    limit = float(np.float32(threshold))
    became = {}
    for edge in sides[0].keys() | sides[1].keys():
        (ours, kept), (theirs, also) = (side.get(edge, (0.0, 0.0)) for side in sides)
        kept, also = (survival > 0 and survival >= limit for survival in (kept, also))
        if kept and also:
            is_other = abs(theirs - ours) > 0.1 * max(abs(ours), abs(theirs))
            became[edge] = ("stronger" if abs(theirs) >= abs(ours) else "weaker") if is_other else "same"
        elif kept or also:
            became[edge] = "lost" if kept else "gained"
    return became
