"""What heads and MLPs contribute in two runs: each at its column, and over all columns."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from llm_tt.comparison.paired_graphs import PairedGraphs
from llm_tt.graph.edges import EdgeKind
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A head or an MLP where it writes; a plain value."""

    part: Part
    """Its position is a column."""
    first: float
    """Sum of the weights of its edges there, in the first run."""
    second: float

    @property
    def change(self) -> float:
        """How much more it brings in the second run."""
        return self.second - self.first


@dataclass(frozen=True, slots=True, eq=False)
class ComponentSums:
    """Heads and MLPs in rows, layer by layer: the heads of a layer, then its MLP."""

    n_heads: int
    first: Float[np.ndarray, "component column"]
    second: Float[np.ndarray, "component column"]

    def largest_changes(self, top: int) -> tuple[ComponentChange, ...]:
        """Where most came or went, whatever its sign; equal ones in the order of rows."""
        change = np.abs(self.second - self.first)
        strongest = np.argsort(-change.reshape(-1), kind="stable")[:top]
        return tuple(self._told(int(place)) for place in strongest if change.reshape(-1)[place] > 0)

    @property
    def wholes(self) -> tuple[Float[np.ndarray, " component"], Float[np.ndarray, " component"]]:
        """What each component brings at all columns together, in both runs."""
        return self.first.sum(1), self.second.sum(1)

    def _told(self, place: int) -> ComponentChange:
        row, column = divmod(place, self.first.shape[1])
        layer, number = divmod(row, self.n_heads + 1)
        is_mlp = number == self.n_heads
        part = Part("mlp" if is_mlp else "head", layer, column, head=None if is_mlp else number)
        return ComponentChange(part, float(self.first[row, column]), float(self.second[row, column]))


def component_sums(pair: PairedGraphs, chosen: Bool[np.ndarray, " edge"]) -> ComponentSums:
    """Sums over the chosen edges, with the weights of either run."""
    graph = pair.first
    places = np.flatnonzero(chosen & (graph.kind != EdgeKind.RESIDUAL))
    n_heads, n_columns = graph.lattice.n_heads, graph.lattice.n_positions
    number = np.where(graph.kind == EdgeKind.MLP, n_heads, graph.head)[places]
    row = graph.layer[places] * (n_heads + 1) + number
    cell: Int[np.ndarray, " chosen"] = row * n_columns + graph.query[places]
    shape = graph.lattice.n_layers * (n_heads + 1), n_columns
    sums = [
        np.bincount(cell, weights=one.weight[places], minlength=shape[0] * shape[1])
        .reshape(shape)
        .astype(float)
        for one in (pair.first, pair.second)
    ]
    return ComponentSums(n_heads, *sums)
