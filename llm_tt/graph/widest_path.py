"""Survival: the largest threshold at which an edge still lies on a way from the input to the target.

The width of a path is its smallest |weight|. One sweep up finds the widest path from any embedding to each
node, one sweep down the widest from each node to the target; an edge survives up to the smallest of the two
and its own |weight|. The edges with survival >= t are then exactly those on a path from an embedding to the
target all of whose edges have |weight| >= t: what a search of the thinned graph would find, for all t.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from llm_tt.graph.candidates import LayerEdges, LayerParts
from llm_tt.graph.edges import LayerColumns

Widths = Float[np.ndarray, " pos"]
"""Widest path between a row's nodes and one end of the graph; 0 where there is none."""


class _FromInput(NamedTuple):
    """Widest paths from the embeddings to a layer's states."""

    entering: Widths
    summed: Widths
    """Behind attention: `mid`, or `post` in parallel blocks."""


def survival_of(weight: LayerColumns, edges: LayerEdges) -> LayerColumns:
    """Survival of every edge, for the target in the last row at the last position of `edges`."""
    survival: LayerColumns = np.abs(weight)
    layers = [edges.parts_of(column) for column in survival]
    strongest_heads = [layer.attention.max(axis=0) for layer in layers]
    from_input = _sweep_up(layers, strongest_heads, edges)

    to_target = np.zeros(edges.n_positions, survival.dtype)
    to_target[-1] = np.inf
    for layer, heads, reached in zip(
        reversed(layers), reversed(strongest_heads), reversed(from_input), strict=True
    ):
        to_sum = to_target
        if layer.mlp_residual is not None:
            to_sum = np.minimum(to_target, np.maximum(layer.mlp, layer.mlp_residual))
            _limit(layer.mlp, reached.summed, to_target)
            _limit(layer.mlp_residual, reached.summed, to_target)
        carried = np.minimum(to_sum, _straight(layer))
        to_entering = _best(heads, to_sum, at=edges.query, into=edges.key)
        _limit(layer.attention, reached.entering[edges.key], to_sum[edges.query])
        _limit(layer.attention_residual, reached.entering, to_sum)
        if layer.mlp_residual is None:
            _limit(layer.mlp, reached.entering, to_sum)
        to_target = np.maximum(to_entering, carried)
    return survival


def _sweep_up(
    layers: list[LayerParts], strongest_heads: list[Float[np.ndarray, " pair"]], edges: LayerEdges
) -> list[_FromInput]:
    found = []
    entering = np.full(edges.n_positions, np.inf, strongest_heads[0].dtype)
    for layer, heads in zip(layers, strongest_heads, strict=True):
        carried = np.minimum(entering, _straight(layer))
        summed = np.maximum(_best(heads, entering, at=edges.key, into=edges.query), carried)
        found.append(_FromInput(entering, summed))
        entering = summed
        if layer.mlp_residual is not None:
            entering = np.minimum(summed, np.maximum(layer.mlp, layer.mlp_residual))
    return found


def _straight(layer: LayerParts) -> Widths:
    """The wider of the ways into the sum with attention that stay at their position."""
    if layer.mlp_residual is not None:
        return layer.attention_residual
    wider: Widths = np.maximum(layer.attention_residual, layer.mlp)
    return wider


def _best(heads: np.ndarray, widths: Widths, *, at: np.ndarray, into: np.ndarray) -> Widths:
    """Widest continuation, over all pairs, of paths that end at the positions `at`."""
    best = np.zeros_like(widths)
    np.maximum.at(best, into, np.minimum(heads, widths[at]))
    return best


def _limit(strength: np.ndarray, *limits: np.ndarray) -> None:
    """Narrow edges, in place, to what reaches them on both sides."""
    for limit in limits:
        np.minimum(strength, limit, out=strength)
