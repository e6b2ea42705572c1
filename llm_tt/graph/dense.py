"""A graph's columns laid out again as the tensors that contributions come in."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Shaped
from torch import Tensor

from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph


@dataclass(frozen=True, slots=True, eq=False)
class DenseEdges:
    """One value for every edge of the whole prompt, in the fields of `EdgeContributions`; on the CPU."""

    attention: Shaped[Tensor, "layer head query key"]
    attention_residual: Shaped[Tensor, "layer pos"]
    mlp: Shaped[Tensor, "layer pos"]
    mlp_residual: Shaped[Tensor, "layer pos"] | None
    """None in parallel blocks."""


def kept_edges(graph: FlowGraph) -> DenseEdges:
    """Which edges the graph has, as True and False."""
    return dense_edges(graph, np.ones(graph.n_edges, bool))


def dense_edges(graph: FlowGraph, column: Shaped[np.ndarray, " edge"]) -> DenseEdges:
    """Lay out a column; 0 where the graph has no edge, as at all positions behind the target's.

    With `graph.survival`, one comparison gives the mask of any threshold, so many can be run as one batch.
    """
    lattice = graph.lattice
    by_position = (lattice.n_layers, lattice.n_positions)
    layer, query = graph.layer, graph.query
    is_residual = graph.kind == EdgeKind.RESIDUAL
    enters_first_sum = (graph.target // lattice.n_positions - 1) % lattice.rows_per_layer == 0
    squares = (lattice.n_layers, lattice.n_heads, lattice.n_positions, lattice.n_positions)
    attention_places = (layer, graph.head, query, graph.key)
    places = (layer, query)
    return DenseEdges(
        attention=_laid_out(column, graph.kind == EdgeKind.ATTENTION, attention_places, squares),
        attention_residual=_laid_out(column, is_residual & enters_first_sum, places, by_position),
        mlp=_laid_out(column, graph.kind == EdgeKind.MLP, places, by_position),
        mlp_residual=None
        if lattice.has_parallel_blocks
        else _laid_out(column, is_residual & ~enters_first_sum, places, by_position),
    )


def _laid_out(
    column: Shaped[np.ndarray, " edge"],
    chosen: Bool[np.ndarray, " edge"],
    places: tuple[np.ndarray, ...],
    shape: tuple[int, ...],
) -> Tensor:
    values = np.zeros(shape, column.dtype)
    values[tuple(place[chosen] for place in places)] = column[chosen]
    return torch.from_numpy(values)
