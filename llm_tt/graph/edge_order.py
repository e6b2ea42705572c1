"""Edges that come from outside, brought into the order of `candidates`, after a look whether they can be."""

import numpy as np
from jaxtyping import Int

from llm_tt.graph.edges import NO_HEAD, EdgeKind, HeadColumn, KindColumn
from llm_tt.graph.lattice import Lattice

AnyNode = Int[np.ndarray, " edge"]
"""Numbers from outside, which may be larger than any node's."""


def candidate_order(
    lattice: Lattice, source: AnyNode, target: AnyNode, kind: KindColumn, head: HeadColumn
) -> Int[np.ndarray, " edge"]:
    """The permutation that sorts edges as `candidates` does.

    Raises:
        ValueError: an edge that cannot be, or one that is there twice; in words for the person.
    """
    if len(source) == 0:
        return np.zeros(0, np.int64)
    _check_ends(lattice, source, target)
    row, query = np.divmod(target.astype(np.int64), lattice.n_positions)
    key = source % lattice.n_positions
    step = (row - 1) % lattice.rows_per_layer
    is_attention, is_mlp = kind == EdgeKind.ATTENTION, kind == EdgeKind.MLP
    rows_down = row - source // lattice.n_positions
    is_last = step == lattice.rows_per_layer - 1
    wrong = (rows_down != 1) | (is_attention & (step != 0)) | (is_mlp & ~is_last)
    wrong |= np.where(is_attention, key > query, key != query)
    wrong |= np.where(is_attention, (head < 0) | (head >= lattice.n_heads), head != NO_HEAD)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        names = [lattice.name_of(int(node[place])) for node in (source, target)]
        message = f"Edge {place} ({EdgeKind(kind[place]).label} from {names[0]} to {names[1]}) cannot be."
        raise ValueError(message)
    number = candidate_number(lattice, source, target, kind, head)
    order = np.argsort(number, kind="stable")
    if (np.diff(number[order]) == 0).any():
        message = "An edge is there twice."
        raise ValueError(message)
    return order


def candidate_number(
    lattice: Lattice, source: AnyNode, target: AnyNode, kind: KindColumn, head: HeadColumn
) -> Int[np.ndarray, " edge"]:
    """A number for each edge that can be, another one for each; they grow in the order of `candidates`."""
    row, query = np.divmod(target.astype(np.int64), lattice.n_positions)
    key = source % lattice.n_positions
    layer, step = np.divmod(row - 1, lattice.rows_per_layer)
    is_second = (step == lattice.rows_per_layer - 1) & (step > 0)
    block = np.where(
        kind == EdgeKind.ATTENTION, 0, np.where(kind == EdgeKind.MLP, 2, np.where(is_second, 3, 1))
    )
    number: Int[np.ndarray, " edge"] = np.ravel_multi_index(
        (layer, block, np.maximum(head, 0), query, key),
        (lattice.n_layers, 4, max(lattice.n_heads, 1), lattice.n_positions, lattice.n_positions),
    )
    return number


def _check_ends(lattice: Lattice, source: AnyNode, target: AnyNode) -> None:
    lowest, highest = min(source.min(), target.min()), max(source.max(), target.max())
    if lowest < 0 or highest >= lattice.n_nodes or (target < lattice.n_positions).any():
        message = "An edge begins or ends where this model has no state."
        raise ValueError(message)
