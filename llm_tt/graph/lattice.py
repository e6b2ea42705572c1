"""`Lattice`: which nodes a graph has, and their names."""

import re
from dataclasses import dataclass

from llm_tt.errors import GraphError
from llm_tt.tracing.parts import Stage

_NAME = re.compile(r"(?:(embed)|L([0-9]{1,9})\.(mid|post))@([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is."""

    stage: Stage
    """`embed`: enters the first layer; `mid`: behind a layer's attention; `post`: leaves a layer."""
    layer: int
    """-1 for `embed`, which is in front of all layers."""
    position: int

    def __str__(self) -> str:
        """The readable name: `embed@4`, `L2.mid@4`, `L2.post@4`."""
        where = self.stage if self.stage == "embed" else f"L{self.layer}.{self.stage}"
        return f"{where}@{self.position}"


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows of states, one node a position; the only place that knows how nodes are numbered.

    Row 0 holds the embeddings. Each layer adds two rows, `mid` and `post`; with parallel blocks only `post`.
    Node `row * n_positions + position`: every edge runs from a smaller number to a larger one. All positions
    of the prompt have nodes, so a node keeps its number whichever target a graph explains.
    """

    n_layers: int
    n_heads: int
    n_positions: int
    has_parallel_blocks: bool

    @property
    def rows_per_layer(self) -> int:
        """How many sums a layer has."""
        return 1 if self.has_parallel_blocks else 2

    @property
    def n_rows(self) -> int:
        """The embeddings' row and those of all layers."""
        return 1 + self.n_layers * self.rows_per_layer

    @property
    def n_nodes(self) -> int:
        """Nodes are numbered from 0 up to this."""
        return self.n_rows * self.n_positions

    def node_at(self, row: int, position: int) -> int:
        """Number of the node in a row, at a position."""
        return row * self.n_positions + position

    def place_of(self, node: int) -> Place:
        """Stage, layer and position of a node.

        Raises:
            GraphError: there is no such node.
        """
        if not 0 <= node < self.n_nodes:
            raise GraphError(
                asked=f"Find node number {node}.",
                found=f"This graph's nodes are numbered 0 to {self.n_nodes - 1}.",
                remedy="Choose one of these.",
            )
        row, position = divmod(node, self.n_positions)
        if row == 0:
            return Place("embed", -1, position)
        layer, step = divmod(row - 1, self.rows_per_layer)
        is_last_of_layer = step == self.rows_per_layer - 1
        return Place("post" if is_last_of_layer else "mid", layer, position)

    def name_of(self, node: int) -> str:
        """Readable name of a node.

        Raises:
            GraphError: there is no such node.
        """
        return str(self.place_of(node))

    def node_named(self, name: str) -> int:
        """Number of the node with a readable name.

        Raises:
            GraphError: it is no name of a node, or this graph has no such node.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise GraphError(
                asked=f"Find the node {name[:100]!r}.",
                found="That is no name of a node.",
                remedy="Names look like embed@4, L2.mid@4 or L2.post@4.",
            )
        embed, layer, stage, position = match.groups()
        self._check_place(name, int(layer or 0), stage or embed, int(position))
        if embed:
            return self.node_at(0, int(position))
        rows_above = 0 if stage == "post" else 1
        return self.node_at((int(layer) + 1) * self.rows_per_layer - rows_above, int(position))

    def _check_place(self, name: str, layer: int, stage: str, position: int) -> None:
        if stage == "mid" and self.has_parallel_blocks:
            found = "This model's blocks add attention and MLP at once: there is no state between them."
            remedy = f"Ask for {name.replace('mid', 'post')}."
        elif layer >= self.n_layers:
            found = f"The model has {self.n_layers} layers."
            remedy = f"Choose a layer from L0 to L{self.n_layers - 1}."
        elif position >= self.n_positions:
            found = f"The prompt has {self.n_positions} tokens."
            remedy = f"Choose a position from 0 to {self.n_positions - 1}."
        else:
            return
        raise GraphError(asked=f"Find the node {name!r}.", found=found, remedy=remedy)
