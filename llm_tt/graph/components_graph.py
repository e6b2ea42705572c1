"""`ComponentsGraph`: a graph with components as nodes, in place of states, as other tools have it.

A component is the embedding at a position, a head or an MLP at the position where it writes, or the output.
It reads states (a head one at each of its keys), and `state_composition` says what these are made of. A link
from a writer to a reader weighs the reader's edge times the writer's share in the state that the edge reads.
Links into the output share out the last state.

Unsigned weights: links into a component add up to what its edges weigh. A link is the flow along all ways on
the residual stream from what was written to what reads it, where what enters a state counts as all of it.

Signed weights: the sizes of the links into a component add up to the sizes of its edges; for the output, of
what enters the last state, each head with all its keys together. The plain sums agree too where in no state
on the way one part works against another; else that of the links is smaller. A link's sign says whether what
was written helps the target through this reader, or works against it.

Either way, a link from the last layer to the output weighs what its component weighs.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Float, Int, Int8, Int16, Int32

from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.state_composition import (
    EMBEDDING,
    StateCompositions,
    compose_states,
    n_writers,
    on_routes,
    writer_of,
)
from llm_tt.tracing.parts import Part


class ComponentKind(IntEnum):
    """What a component is."""

    EMBEDDING = 0
    """A token as it enters the first layer."""
    HEAD = 1
    """One head at the position where it writes, all keys together."""
    MLP = 2
    OUTPUT = 3
    """The prediction at the target's position."""


@dataclass(frozen=True, slots=True, eq=False)
class ComponentsGraph:
    """Components and links as columns; link i runs from component `source[i]` to component `target[i]`.

    Components are in the order of the model: embeddings, then layer by layer heads and MLPs, the output last.
    Links are in the order of their readers' layers, so each runs from a smaller number to a larger one. No
    two links have the same ends.
    """

    kind: Int8[np.ndarray, " component"]
    """`ComponentKind`."""
    layer: Int32[np.ndarray, " component"]
    """-1 for embeddings; for the output, the number of layers."""
    head: Int16[np.ndarray, " component"]
    """`NO_HEAD` where it is none."""
    position: Int32[np.ndarray, " component"]
    """Where it writes."""
    weight: Float[np.ndarray, " component"]
    """Sum of its edges' weights; of the output, of those that enter the last state; 0 for embeddings."""
    source: Int32[np.ndarray, " link"]
    target: Int32[np.ndarray, " link"]
    link_weight: Float[np.ndarray, " link"]

    def __post_init__(self) -> None:
        for column in (self.kind, self.layer, self.head, self.position, self.weight):
            column.setflags(write=False)
        for column in (self.source, self.target, self.link_weight):
            column.setflags(write=False)

    @property
    def n_components(self) -> int:
        """The output included."""
        return len(self.kind)

    @property
    def n_links(self) -> int:
        """How many links there are."""
        return len(self.source)

    @property
    def target_component(self) -> int:
        """The output, where all routes end."""
        return self.n_components - 1

    def names(self) -> list[str]:
        """Readable names: `embed@1`, `L9H6@13`, `L3.mlp@13`, as pages and links have them; `output@13`."""
        columns = (self.kind, self.layer, self.head, self.position)
        return [_name(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def components_graph(graph: FlowGraph) -> ComponentsGraph:
    """From states to components, for the edges that lie on a route to the target."""
    routes = on_routes(graph)
    states = compose_states(routes)
    present = _is_present(routes, states)
    numbers = np.cumsum(present, dtype=np.int32) - np.int32(1)
    links = [*_links_to_components(routes, states, numbers), _links_to_output(routes, states, numbers)]
    source, target, weight = (np.concatenate(column) for column in zip(*links, strict=True))
    columns = _component_columns(routes, states, present)
    return ComponentsGraph(**columns, source=source, target=target, link_weight=weight)


def count_links(graph: FlowGraph) -> int:
    """How many links `components_graph` would make, without making them."""
    routes = on_routes(graph)
    states = compose_states(routes)
    n_links = np.count_nonzero(states.shares[-1][graph.target_position])
    for row, reading in enumerate(_readers_by_row(routes)):
        written = np.count_nonzero(states.shares[row], axis=1)
        n_links += int(written[routes.key[reading]].sum(dtype=np.int64))
    return int(n_links)


def _readers_by_row(routes: FlowGraph) -> list[Int[np.ndarray, " reading"]]:
    """The edges of heads and MLPs that read each row: every row but the last has some."""
    rows = routes.source // routes.lattice.n_positions
    reading = np.flatnonzero(routes.kind != EdgeKind.RESIDUAL)
    # Edges are in the order of layers, attention before the MLP: that is the order of what they read.
    starts = np.searchsorted(rows[reading], np.arange(1, routes.lattice.n_rows - 1))
    return np.split(reading, starts)


def _place_of(writer: np.ndarray, position: np.ndarray, lattice: Lattice) -> Int[np.ndarray, " component"]:
    """Components as places in one column, whether they are there or not; the output is one more writer."""
    place: np.ndarray = writer * lattice.n_positions + position
    return place


def _is_present(routes: FlowGraph, states: StateCompositions) -> Bool[np.ndarray, " place"]:
    """Which components have an edge, or a share in a state that an edge reads."""
    lattice, last = routes.lattice, routes.target_position
    present = np.zeros((n_writers(lattice) + 1, lattice.n_positions), bool)
    for row, reading in enumerate(_readers_by_row(routes)):
        is_read = np.bincount(routes.key[reading], minlength=lattice.n_positions) > 0
        share = states.shares[row]
        present[: share.shape[1]] |= (share.T != 0) & is_read
        present[writer_of(routes)[reading], routes.query[reading]] = True
    present[:-1, last] |= states.shares[-1][last] != 0
    present[-1, last] = True
    return present.reshape(-1)


_Links = tuple[
    Int32[np.ndarray, " link"],
    Int32[np.ndarray, " link"],
    Float[np.ndarray, " link"],
]
"""Source, target, weight."""


def _links_to_components(
    routes: FlowGraph, states: StateCompositions, numbers: Int32[np.ndarray, " place"]
) -> list[_Links]:
    lattice = routes.lattice
    reader = numbers[_place_of(writer_of(routes), routes.query, lattice)]
    links = []
    for row, reading in enumerate(_readers_by_row(routes)):
        share = states.shares[row]
        at, writer = np.nonzero(share)
        written = np.bincount(at, minlength=lattice.n_positions).astype(np.int32)
        n_entries = written[routes.key[reading]]
        # For each edge, the entries of the state that it reads, one after the other.
        first = _starts(written)[routes.key[reading]]
        entry = np.arange(n_entries.sum(), dtype=np.int32)
        entry += np.repeat(first - _starts(n_entries), n_entries)
        weight = np.repeat(routes.weight[reading], n_entries)
        weight *= share[at, writer].astype(weight.dtype)[entry]
        source = numbers[_place_of(writer, at, lattice)][entry]
        links.append((source, np.repeat(reader[reading], n_entries), weight))
    return links


def _starts(sizes: Int32[np.ndarray, " group"]) -> Int32[np.ndarray, " group"]:
    starts: np.ndarray = np.cumsum(sizes, dtype=np.int32) - sizes
    return starts


def _links_to_output(
    routes: FlowGraph, states: StateCompositions, numbers: Int32[np.ndarray, " place"]
) -> _Links:
    position, lattice = np.asarray(routes.target_position), routes.lattice
    share = states.shares[-1][position]
    (writer,) = np.nonzero(share)
    weight = states.strength[-1, position] * share[writer]
    source = numbers[_place_of(writer, position, lattice)]
    return source, np.full_like(source, numbers[-1]), weight.astype(routes.weight.dtype)


def _component_columns(
    routes: FlowGraph, states: StateCompositions, present: Bool[np.ndarray, " place"]
) -> dict[str, np.ndarray]:
    lattice = routes.lattice
    writer, position = np.divmod(np.flatnonzero(present), lattice.n_positions)
    layer, place = np.divmod(writer - 1, lattice.n_heads + 1)
    kind = np.where(place == lattice.n_heads, ComponentKind.MLP, ComponentKind.HEAD)
    kind[writer == EMBEDDING] = ComponentKind.EMBEDDING
    kind[writer == n_writers(lattice)] = ComponentKind.OUTPUT
    weight = _weight_of_writers(lattice, states)[writer, position]
    weight[kind == ComponentKind.OUTPUT] = states.written[-1, routes.target_position].sum()
    return {
        "kind": kind.astype(np.int8),
        "layer": layer.astype(np.int32),
        "head": np.where(kind == ComponentKind.HEAD, place, NO_HEAD).astype(np.int16),
        "position": position.astype(np.int32),
        "weight": weight.astype(routes.weight.dtype),
    }


def _weight_of_writers(
    lattice: Lattice, states: StateCompositions
) -> Float[np.ndarray, "writer_and_output pos"]:
    """0 for the embedding, and for the output, whose weight is no writer's."""
    rows = states.written[1:].reshape(lattice.n_layers, lattice.rows_per_layer, lattice.n_positions, -1)
    # Of a layer's two rows one has the heads and the other the MLP; the other's entries are 0.
    by_writer = rows.sum(1)[..., 1:].transpose(0, 2, 1).reshape(-1, lattice.n_positions)
    nothing = np.zeros((1, lattice.n_positions))
    return np.concatenate([nothing, by_writer, nothing])


def _name(kind: int, layer: int, head: int, position: int) -> str:
    match kind:
        case ComponentKind.EMBEDDING:
            return str(Part("state", -1, position, stage="embed"))
        case ComponentKind.HEAD:
            return str(Part("head", layer, position, head=head))
        case ComponentKind.MLP:
            return str(Part("mlp", layer, position))
        case _:
            return f"output@{position}"
