"""From contributions to a graph: all edges that could carry something to one position's prediction."""

from typing import get_args

import numpy as np

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.errors import AttributionError, GraphError, TargetError
from llm_tt.graph.candidates import edges_of_layer, gather_weights, repeat_nodes
from llm_tt.graph.flow_graph import Aggregate, FlowGraph
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.path_sums import flow_through
from llm_tt.graph.widest_path import survival_of


def build_graph(
    shares: EdgeContributions, target_position: int | None = None, *, aggregate: Aggregate = "threshold"
) -> FlowGraph:
    """The whole graph of one prediction, every edge with its weight and its survival.

    It has all edges among the positions up to the target's, also those of weight 0 and those from which no
    way leads to the target: `prune` cuts them away.

    Args:
        shares: what each edge contributed.
        target_position: counted from either end; by default what the contributions explain, or the last.
        aggregate: what an edge weighs: its contribution, or ("flow", unsigned methods only) how much of the
            target goes through it, over all paths.

    Raises:
        TargetError: a position outside the prompt, or not the one that the contributions explain.
        GraphError: an unknown aggregate, or "flow" with signed contributions.
        AttributionError: contributions that are no finite numbers.
    """
    _check_aggregate(shares, aggregate)
    position = _resolve_position(shares, target_position)
    n_layers, n_heads, n_positions, _ = shares.attention.shape
    lattice = Lattice(n_layers, n_heads, n_positions, shares.has_parallel_blocks)
    edges = edges_of_layer(lattice, position)
    weight = gather_weights(shares, edges)
    _check_finite(shares, weight)
    if aggregate == "flow":
        weight = flow_through(weight, edges)
    return FlowGraph(
        prompt=shares.prompt,
        method=shares.method,
        aggregate=aggregate,
        explains=shares.target,
        lattice=lattice,
        target_position=position,
        n_candidates=weight.size,
        mass=1.0,
        source=repeat_nodes(edges.source, n_layers, edges.nodes_per_layer),
        target=repeat_nodes(edges.target, n_layers, edges.nodes_per_layer),
        kind=np.tile(edges.kind, n_layers),
        head=np.tile(edges.head, n_layers),
        weight=weight.reshape(-1),
        survival=survival_of(weight, edges).reshape(-1),
        record=shares.record,
    )


def _resolve_position(shares: EdgeContributions, position: int | None) -> int:
    n_positions = len(shares.prompt)
    explained = None if shares.target is None else shares.target.position
    if position is None:
        return n_positions - 1 if explained is None else explained
    if not -n_positions <= position < n_positions:
        raise TargetError(
            asked=f"Draw the graph of the prediction at position {position}.",
            found=f"The prompt has {n_positions} tokens.",
            remedy=f"Choose a position from 0 to {n_positions - 1}, or from -{n_positions} to -1.",
        )
    position %= n_positions
    if explained is not None and position != explained:
        raise TargetError(
            asked=f"Draw the graph of the prediction at position {position}.",
            found=f"These contributions ({shares.method}) explain the prediction at position {explained}.",
            remedy=f"Attribute again with target_position={position}, or leave the position out here.",
        )
    return position


def _check_aggregate(shares: EdgeContributions, aggregate: str) -> None:
    if aggregate not in get_args(Aggregate):
        raise GraphError(
            asked=f"Build the graph with aggregate={aggregate!r}.",
            found="An edge weighs its own contribution, or the flow through it.",
            remedy='Say aggregate="threshold" or aggregate="flow".',
        )
    if aggregate == "flow" and shares.is_signed:
        raise GraphError(
            asked='Build the graph with aggregate="flow".',
            found=f"The contributions of {shares.method} are signed, not shares to be passed on.",
            remedy='Use aggregate="threshold", or an unsigned method such as "ifr".',
        )


def _check_finite(shares: EdgeContributions, weight: np.ndarray) -> None:
    # Minimum and maximum pass NaN on; unlike isfinite they need no memory.
    if np.isfinite(weight.min()) and np.isfinite(weight.max()):
        return
    n_bad = int(np.count_nonzero(~np.isfinite(weight)))
    raise AttributionError(
        asked="Build the graph.",
        found=f"{n_bad} of {weight.size} contributions ({shares.method}) are NaN or infinite.",
        remedy="The run overflowed or the model is damaged: look at trace.logits, or use float32.",
    )
