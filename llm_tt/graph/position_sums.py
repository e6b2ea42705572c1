"""Links between components summed over positions: which head, MLP or embedding feeds which, wherever it is.

The sums are products of matrices, so they need none of the millions of links of a whole graph.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.state_composition import compose_states, n_writers, on_routes, writer_of


class Sums(NamedTuple):
    """One entry for each reader and writer, numbered as writers are; reader 0 is the output.

    A reader comes after what it reads, so the entries of writers that come later are empty.
    """

    weight: Float[np.ndarray, "reader writer"]
    is_linked: Bool[np.ndarray, "reader writer"]
    """Where a link exists, even if its weights add up to 0."""


@dataclass(frozen=True, slots=True, eq=False)
class PositionSums:
    """A head reads at two places."""

    through_keys: Sums
    """Links as `components_graph` has them: what is written at a key is carried over."""
    through_queries: Sums
    """What the state at a query is made of, in shares of what the head brings to it: that state decides where
    the head looks. Empty for readers that are no heads."""


def position_sums(graph: FlowGraph) -> PositionSums:
    """Sum the links of a graph over positions, for the edges that lie on a route to the target."""
    routes = on_routes(graph)
    states = compose_states(routes)
    rows = routes.source // routes.lattice.n_positions
    reader = writer_of(routes)
    found = _nothing(routes), _nothing(routes)
    for row, share in enumerate(states.shares[:-1]):
        reading = np.flatnonzero((routes.kind != EdgeKind.RESIDUAL) & (rows == row))
        heads = reading[routes.kind[reading] == EdgeKind.ATTENTION]
        _add(found[0], reader[reading], routes.key[reading], routes.weight[reading], share)
        _add(found[1], reader[heads], routes.query[heads], routes.weight[heads], share)
    last = states.shares[-1][routes.target_position]
    found[0].weight[0] = states.strength[-1, routes.target_position] * last
    found[0].is_linked[0] = last != 0
    return PositionSums(*found)


def _nothing(graph: FlowGraph) -> Sums:
    shape = (n_writers(graph.lattice),) * 2
    return Sums(np.zeros(shape), np.zeros(shape, bool))


def _add(
    sums: Sums,
    reader: Int[np.ndarray, " reading"],
    position: Int[np.ndarray, " reading"],
    weight: Float[np.ndarray, " reading"],
    share: Float[np.ndarray, "pos writer"],
) -> None:
    """The readers of one row, which read it at the given positions."""
    readers, local = np.unique(reader, return_inverse=True)
    shape = (len(readers), len(share))
    place = local * len(share) + position
    read = np.bincount(place, weights=weight, minlength=shape[0] * shape[1]).reshape(shape)
    is_read = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape) > 0
    written = slice(0, share.shape[1])
    sums.weight[readers, written] += read @ share
    sums.is_linked[readers, written] |= is_read @ (share != 0)
