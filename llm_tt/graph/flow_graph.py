"""`FlowGraph`: the routes from the input tokens to one prediction, as columns with one entry an edge."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import networkx as nx
import numpy as np
from jaxtyping import Bool, Int

from llm_tt.attribution.run_record import NO_RECORD, RunRecord
from llm_tt.attribution.target import Target
from llm_tt.graph.cuts import Cut, renormalized
from llm_tt.graph.edges import HeadColumn, KindColumn, NodeColumn, WeightColumn
from llm_tt.graph.flow_path import FlowPath
from llm_tt.graph.lattice import Lattice
from llm_tt.model.prompt import Prompt
from llm_tt.notebook import ShownInNotebooks

Aggregate = Literal["threshold", "flow"]
"""What an edge weighs: its own contribution, or the flow through it to the target, over all paths."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowGraph(ShownInNotebooks):
    """Edge i runs from node `source[i]` up to node `target[i]`; `lattice` numbers and names the nodes.

    Columns are read-only and keep the order of `candidates`, whatever was cut away. No two edges are merged.
    """

    prompt: Prompt
    method: str
    aggregate: Aggregate
    explains: Target | None
    """The prediction that signed weights contribute to; None for methods that ask for no target."""
    lattice: Lattice
    target_position: int
    """All routes end at this position, in the last row; later positions have no edges."""
    n_candidates: int
    """Edges of the whole graph, before any cut."""
    mass: float
    """Share of the whole graph's |weight|, counted over edges that reach the target, in the edges kept."""
    source: NodeColumn
    target: NodeColumn
    kind: KindColumn
    head: HeadColumn
    weight: WeightColumn
    """Signed where the method is."""
    survival: WeightColumn
    """The largest threshold at which the edge lies on a way from input to target; 0 if it never does."""
    record: RunRecord = NO_RECORD
    """What the run said."""

    def __post_init__(self) -> None:
        for column in (self.source, self.target, self.kind, self.head, self.weight, self.survival):
            column.setflags(write=False)

    @property
    def n_edges(self) -> int:
        """How many edges are left."""
        return len(self.source)

    @property
    def density(self) -> float:
        """Which share of the candidates is left."""
        return self.n_edges / self.n_candidates

    @property
    def target_node(self) -> int:
        """Where all routes end."""
        return self.lattice.node_at(self.lattice.n_rows - 1, self.target_position)

    @property
    def layer(self) -> Int[np.ndarray, " edge"]:
        """Layer that each edge belongs to."""
        return (self.target // self.lattice.n_positions - 1) // self.lattice.rows_per_layer

    @property
    def query(self) -> Int[np.ndarray, " edge"]:
        """Position where each edge ends."""
        return self.target % self.lattice.n_positions

    @property
    def key(self) -> Int[np.ndarray, " edge"]:
        """Position where each edge begins."""
        return self.source % self.lattice.n_positions

    def nodes(self) -> Int[np.ndarray, " node"]:
        """Nodes that have an edge, in ascending order."""
        has_edge = np.zeros(self.lattice.n_nodes, bool)
        has_edge[self.source] = True
        has_edge[self.target] = True
        return np.flatnonzero(has_edge)

    def prune(
        self,
        *,
        threshold: float | None = None,
        density: float | None = None,
        mass: float | None = None,
        renormalize: bool = False,
    ) -> "FlowGraph":
        """The graph with its weaker edges cut away; how much to keep is said in one of three ways (`Cut`).

        Density and mass count in the whole graph, also if this one has been cut before, and they keep a route
        if there is one. `renormalize` divides the weights so that those into one node add up to one; survival
        stays what it was, so that thresholds keep their meaning.

        Raises:
            GraphError: not exactly one of the three, or out of range.
        """
        cut = Cut(threshold, density, mass)
        kept = self.keep((self.survival >= self._as_threshold(cut)) & (self.survival > 0))
        if not renormalize:
            return kept
        return replace(kept, weight=renormalized(kept.weight, kept.target))

    def threshold_for(self, *, density: float | None = None, mass: float | None = None) -> float:
        """The threshold that cuts as a density or a mass would.

        Raises:
            GraphError: not exactly one of the two, or out of range.
        """
        return self._as_threshold(Cut(density=density, mass=mass))

    def keep(self, chosen: Bool[np.ndarray, " edge"]) -> "FlowGraph":
        """The graph of the chosen edges alone; survival stays what it was in the whole."""
        places = np.flatnonzero(chosen)
        before, after = self._reaching(slice(None)), self._reaching(places)
        return replace(
            self,
            mass=self.mass * after / before if before > 0 else 0.0,
            source=self.source[places],
            target=self.target[places],
            kind=self.kind[places],
            head=self.head[places],
            weight=self.weight[places],
            survival=self.survival[places],
        )

    def paths(self, top: int = 10) -> tuple[FlowPath, ...]:
        """The strongest routes from input tokens to the target, strongest first; see `strongest_paths`.

        Raises:
            GraphError: fewer than one was asked for.
        """
        from llm_tt.graph.strongest_paths import strongest_paths  # it imports this module

        return strongest_paths(self, top)

    def to_networkx(self) -> nx.MultiDiGraph:
        """The graph for networkx, with readable names; see `networkx_export`.

        Raises:
            GraphError: it has too many edges.
        """
        from llm_tt.graph.networkx_export import to_networkx  # it imports this module

        return to_networkx(self)

    def to_json(self) -> dict[str, Any]:
        """The graph as plain values; `graph_header` and `graph_json` say what is in them."""
        from llm_tt.graph.graph_json import to_json  # it imports this module

        return to_json(self)

    @staticmethod
    def load(path: Path | str) -> "FlowGraph":
        """The graph of a .json or .graphml file that was saved before.

        Raises:
            ExportError: it cannot be opened, is none of ours, or damaged.
        """
        from llm_tt.graph.graph_files import load_graph  # it imports this module

        return load_graph(path)

    def _as_threshold(self, cut: Cut) -> float:
        if cut.mass is not None and self.mass > 0:
            # A share of the whole, said as a share of what is left of it.
            cut = Cut(mass=min(cut.mass / self.mass, 1.0))
        return cut.as_threshold(self.survival, self.weight, self.n_candidates)

    def _reaching(self, places: slice | Int[np.ndarray, " kept"]) -> float:
        """Sum of |weight| over those of the edges that reach the target."""
        weight = np.abs(self.weight[places])
        return float(weight[self.survival[places] > 0].sum(dtype=np.float64))
