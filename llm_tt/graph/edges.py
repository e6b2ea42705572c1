"""What an edge is: its kind, and the columns that hold many of them."""

from enum import IntEnum

import numpy as np
from jaxtyping import Float, Int8, Int16, Int32


class EdgeKind(IntEnum):
    """How information got from one state into the next. A bias comes from nowhere and is no edge."""

    ATTENTION = 0
    """One head's message from the state at a key, as it enters the layer, into the sum at a query."""
    RESIDUAL = 1
    """The state itself, carried over into the next sum at the same position."""
    MLP = 2
    """What the MLP made of the state at the same position."""

    @property
    def label(self) -> str:
        """Readable name."""
        return self.name.lower()


NO_HEAD = -1
"""In the head column of edges that are no attention."""

NodeColumn = Int32[np.ndarray, " edge"]
"""Node at one end of each edge."""

KindColumn = Int8[np.ndarray, " edge"]
"""`EdgeKind` of each edge."""

HeadColumn = Int16[np.ndarray, " edge"]
"""Head of each edge, or `NO_HEAD`."""

WeightColumn = Float[np.ndarray, " edge"]
"""One number for each edge."""

LayerColumns = Float[np.ndarray, "layer edge"]
"""One number for each edge, layer by layer, while all candidates are there: every layer has equally many."""


def edge_label(kind: int, head: int) -> str:
    """`attention 3`, `residual` or `mlp`: tells apart all edges between the same two nodes."""
    label = EdgeKind(kind).label
    return label if head == NO_HEAD else f"{label} {head}"
