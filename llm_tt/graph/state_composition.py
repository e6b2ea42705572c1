"""What every state is made of: the share of each component that wrote into it, along the residual stream.

A graph's edges run between states; other tools know only what writes: the embedding, heads, MLPs. So a state
is taken apart. What enters it (each head with all its keys together, the MLP, the residual) shares it in
proportion to |weight|, and the share of the residual is passed on to what the state before is made of.

    share of a part = weight of the part / sum of |weight| over the parts * sign of the parts' plain sum

So a part that works against the whole has a negative share, whichever sign the whole has, and where all parts
pull one way the shares are positive and add up to one. Biases are no edges, so nothing of a state is left to
them.

Writers are numbered in the order of the model: 0 is the embedding; then, layer by layer, the heads and the
MLP. What is read at a position was written at that position, so a state needs one number a writer, not one
for each writer and position.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.lattice import Lattice

EMBEDDING = 0
"""The writer in front of all layers."""


@dataclass(frozen=True, slots=True, eq=False)
class StateCompositions:
    """Taken apart, row by row, at all positions."""

    shares: tuple[Float[np.ndarray, "pos _writer"], ...]
    """By row of the lattice; a row has the writers that came before it, so later rows are wider. Sizes add up
    to one, or to less where a part was carried over from a state that nothing in the graph enters."""
    written: Float[np.ndarray, "row pos part"]
    """Weight of what enters each state: the residual, each head with all keys together, the MLP."""

    @property
    def strength(self) -> Float[np.ndarray, "row pos"]:
        """Sum of the parts' |weight|, with the sign of their plain sum.

        Times the share of a part that entered just here, it is that part's weight.
        """
        strength: np.ndarray = np.abs(self.written).sum(-1) * _sign_of_whole(self.written)
        return strength


def on_routes(graph: FlowGraph) -> FlowGraph:
    """The edges that carry something from an input token to the target: others make no part of it."""
    return graph.keep(graph.survival > 0)


def n_writers(lattice: Lattice) -> int:
    """The embedding, all heads and all MLPs."""
    return 1 + lattice.n_layers * (lattice.n_heads + 1)


def writer_of(graph: FlowGraph) -> Int[np.ndarray, " edge"]:
    """The writer of each edge; of residual edges, which nothing writes, the number means nothing."""
    heads = graph.lattice.n_heads
    place = np.where(graph.kind == EdgeKind.ATTENTION, graph.head, heads)
    writer: np.ndarray = 1 + graph.layer.astype(np.int64) * (heads + 1) + place
    return writer


def compose_states(graph: FlowGraph) -> StateCompositions:
    """Take the states of a graph apart; give it only edges that count (`on_routes`)."""
    lattice = graph.lattice
    written = _parts_of_states(graph)
    size = np.abs(written).sum(-1)[..., None]
    parts = np.divide(written, size, out=np.zeros_like(written), where=size > 0)
    parts *= _sign_of_whole(written)[..., None]
    rows = [np.ones((lattice.n_positions, 1))]
    for row, part in enumerate(parts[1:]):
        carried = rows[-1] * part[:, :1]
        has_attention = row % lattice.rows_per_layer == 0
        has_mlp = row % lattice.rows_per_layer == lattice.rows_per_layer - 1
        first = 1 if has_attention else lattice.n_heads + 1
        last = lattice.n_heads + (2 if has_mlp else 1)
        rows.append(np.concatenate([carried, part[:, first:last]], axis=1))
    return StateCompositions(tuple(rows), written)


def _parts_of_states(graph: FlowGraph) -> Float[np.ndarray, "row pos part"]:
    lattice = graph.lattice
    n_parts = lattice.n_heads + 2
    part = np.select(
        [graph.kind == EdgeKind.RESIDUAL, graph.kind == EdgeKind.ATTENTION],
        [0, graph.head.astype(np.int64) + 1],
        lattice.n_heads + 1,
    )
    sums = np.bincount(
        graph.target.astype(np.int64) * n_parts + part,
        weights=graph.weight,
        minlength=lattice.n_nodes * n_parts,
    )
    # Of no edges at all the sums are integers.
    return sums.astype(np.float64).reshape(lattice.n_rows, lattice.n_positions, n_parts)


def _sign_of_whole(written: Float[np.ndarray, "row pos part"]) -> Float[np.ndarray, "row pos"]:
    """1 where the parts cancel out: their shares have to be told apart by some sign."""
    return np.where(written.sum(-1) < 0, -1.0, 1.0)
