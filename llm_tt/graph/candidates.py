"""The edges that a graph could have: one layer's as a pattern, which every layer repeats.

Order of the columns, in all graphs: by layer; within a layer attention, the residual beside it, the MLP, the
residual beside it; attention by head, then query, then key. Thinning a graph keeps this order.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Int32

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.graph.edges import (
    NO_HEAD,
    EdgeKind,
    HeadColumn,
    KindColumn,
    LayerColumns,
    NodeColumn,
    WeightColumn,
)
from llm_tt.graph.lattice import Lattice


class LayerParts(NamedTuple):
    """One layer's stretch of a column, cut into its kinds; views: to write to them is to write the column."""

    attention: Float[np.ndarray, "head pair"]
    attention_residual: Float[np.ndarray, " pos"]
    mlp: Float[np.ndarray, " pos"]
    mlp_residual: Float[np.ndarray, " pos"] | None
    """None in parallel blocks."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerEdges:
    """All edges of the first layer that end at positions up to the target's.

    Each other layer has the same ones, `nodes_per_layer` further up. Later positions cannot reach the target.
    """

    source: NodeColumn
    target: NodeColumn
    kind: KindColumn
    head: HeadColumn
    query: Int[np.ndarray, " pair"]
    key: Int[np.ndarray, " pair"]
    """The pairs of positions that each head connects: a key and a query that is not before it."""
    n_attention: int
    """Edges of all heads together."""
    n_positions: int
    """Positions up to the target's."""
    nodes_per_layer: int

    @property
    def n_edges(self) -> int:
        """Edges of one layer."""
        return len(self.source)

    def parts_of(self, column: WeightColumn) -> LayerParts:
        """Cut one layer's stretch of a column into its kinds."""
        attention, straight = np.split(column, [self.n_attention])
        attention_residual, mlp, *mlp_residual = straight.reshape(-1, self.n_positions)
        return LayerParts(
            attention.reshape(-1, len(self.key)),
            attention_residual,
            mlp,
            mlp_residual[0] if mlp_residual else None,
        )


@lru_cache(maxsize=4)
def edges_of_layer(lattice: Lattice, target_position: int) -> LayerEdges:
    """The pattern; kept, because the graphs of one prompt share it. It is one layer's, so it stays small."""
    n_positions = target_position + 1
    query, key = np.tril_indices(n_positions)
    position = np.arange(n_positions)
    entering, summed = position, position + lattice.n_positions
    leaving = position + lattice.rows_per_layer * lattice.n_positions
    # Both ends and kind of the edges that stay at their position; in parallel blocks `summed` is `leaving`.
    straight = [(entering, summed, EdgeKind.RESIDUAL)]
    if lattice.has_parallel_blocks:
        straight += [(entering, leaving, EdgeKind.MLP)]
    else:
        straight += [(summed, leaving, EdgeKind.MLP), (summed, leaving, EdgeKind.RESIDUAL)]
    n_attention = lattice.n_heads * len(key)
    kinds = [np.full(n_attention, EdgeKind.ATTENTION)]
    heads = [np.repeat(np.arange(lattice.n_heads), len(key))]
    edges = LayerEdges(
        source=_joined([np.tile(entering[key], lattice.n_heads), *(s[0] for s in straight)], np.int32),
        target=_joined([np.tile(summed[query], lattice.n_heads), *(s[1] for s in straight)], np.int32),
        kind=_joined([*kinds, *(np.full(n_positions, s[2]) for s in straight)], np.int8),
        head=_joined([*heads, np.full(n_positions * len(straight), NO_HEAD)], np.int16),
        query=query,
        key=key,
        n_attention=n_attention,
        n_positions=n_positions,
        nodes_per_layer=lattice.rows_per_layer * lattice.n_positions,
    )
    for column in (edges.source, edges.target, edges.kind, edges.head, query, key):
        column.setflags(write=False)
    return edges


def gather_weights(shares: EdgeContributions, edges: LayerEdges) -> LayerColumns:
    """The contribution of every edge, as columns; a copy."""
    n_positions = edges.n_positions
    attention = shares.attention.detach().cpu().numpy()
    straight = [
        part.detach().cpu().numpy()[:, :n_positions]
        for part in (shares.attention_residual, shares.mlp, shares.mlp_residual)
        if part is not None
    ]
    weight = np.empty((len(attention), edges.n_edges), attention.dtype)
    pairs = edges.query * n_positions + edges.key
    weight[:, edges.n_attention :] = np.concatenate(straight, axis=1)
    for layer, column in enumerate(weight):
        squares = attention[layer, :, :n_positions, :n_positions].reshape(-1, n_positions**2)
        # Any mode but "raise" writes straight into `out`; the pairs are in range by construction.
        np.take(squares, pairs, axis=1, out=edges.parts_of(column).attention, mode="clip")
    return weight


def repeat_nodes(
    column: Int32[np.ndarray, " edge_of_layer"], n_layers: int, nodes_per_layer: int
) -> NodeColumn:
    """The first layer's nodes, then each other layer's."""
    shifts = np.arange(n_layers, dtype=np.int32)[:, None] * np.int32(nodes_per_layer)
    repeated: NodeColumn = (column + shifts).reshape(-1)
    return repeated


def _joined(parts: list[np.ndarray], dtype: type[np.integer]) -> np.ndarray:
    return np.concatenate(parts).astype(dtype)
