"""`FlowPath`: one route from an input token to the target."""

import math
from dataclasses import dataclass

from llm_tt.graph.edges import EdgeKind


@dataclass(frozen=True, slots=True)
class PathEdge:
    """One step of a route."""

    kind: EdgeKind
    head: int | None
    """None where the kind is not attention."""
    weight: float
    """Signed where the method is."""


@dataclass(frozen=True, slots=True)
class FlowPath:
    """A route; plain values, ready to be shown or compared."""

    nodes: tuple[int, ...]
    """From an embedding to the target; one more than edges."""
    edges: tuple[PathEdge, ...]

    @property
    def weight(self) -> float:
        """Product of the edges' |weight|: for shares, the part of the target that took this route."""
        return math.prod(abs(edge.weight) for edge in self.edges)

    @property
    def width(self) -> float:
        """Smallest |weight| on the way: the largest threshold at which the route is whole."""
        return min(abs(edge.weight) for edge in self.edges)
