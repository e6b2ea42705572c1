"""`AnatomyGraph`: one to three layers at one position, as columns of nodes and of edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import networkx as nx
import numpy as np
from jaxtyping import Float, Int, Int32

from llm_tt.anatomy.measures import Measure
from llm_tt.anatomy.node_kinds import AnatomyNode
from llm_tt.attribution.run_record import Explained
from llm_tt.attribution.target import Target
from llm_tt.errors import TargetError
from llm_tt.model.prompt import Prompt
from llm_tt.notebook import ShownInNotebooks

Numbers = Float[np.ndarray, "node"]


@dataclass(frozen=True, eq=False)
class TokenColumns:
    """How some vectors read, one row each."""

    promoted: Int32[np.ndarray, "node top"]
    """Ids of the strongest tokens of its reading, best first; -1 where its vector is nothing."""
    promoted_by: Float[np.ndarray, "node top"]
    """Probabilities of states, else what the reading counts: changes of logits, scores, inputs."""
    suppressed: Int32[np.ndarray, "node top"]
    """Ids of the lowest tokens, lowest first."""
    suppressed_by: Float[np.ndarray, "node top"]
    rank: Int32[np.ndarray, " node"]
    """Of the target token in the reading, 1 for the best; 0 where its vector is nothing."""
    probability: Float[np.ndarray, " node"]
    """Of the target token in a state; NaN for all others."""
    entropy: Float[np.ndarray, " node"]
    """Of the reading, in nats; NaN where its vector is nothing."""

    @classmethod
    def empty(cls, n_rows: int, top: int) -> "TokenColumns":
        """Nothing read yet: rows to be filled in."""
        ids, numbers = np.full((n_rows, top), -1, np.int32), np.full((n_rows, top), np.nan, np.float32)
        nothing = np.full(n_rows, np.nan, np.float32)
        return TokenColumns(
            promoted=ids,
            promoted_by=numbers,
            suppressed=ids.copy(),
            suppressed_by=numbers.copy(),
            rank=np.zeros(n_rows, np.int32),
            probability=nothing,
            entropy=nothing.copy(),
        )


class _Columns:
    """Arrays in them are read-only, so that graphs can be shared."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            column = getattr(self, field.name)
            if isinstance(column, np.ndarray):
                column.setflags(write=False)


@dataclass(frozen=True, eq=False)
class NodeColumns(_Columns, TokenColumns):
    """One entry a node, in drawing order: within one column of the picture from top to bottom."""

    what: tuple[AnatomyNode, ...]
    count: Int32[np.ndarray, " node"]
    """How many parts it stands for: 1, or of all that have no node of their own."""
    vectors: Float[np.ndarray, "node d_model"]
    """What was read: what it writes, a state, or the direction along which it reads the stream."""
    contribution: Float[np.ndarray, " node"]
    """To the target's logit minus its contrast's, before any cap, final norm held constant, of what passes
    through it."""
    norm: Float[np.ndarray, " node"]
    """The length of what passes through it."""
    coefficient: Float[np.ndarray, " node"]
    """Attention paid to a key; activation of a neuron, or of an output neuron; NaN for all others."""


@dataclass(frozen=True, eq=False)
class EdgeColumns(_Columns):
    """Edge i runs from node `source[i]` to node `target[i]` and weighs what the route along it writes."""

    source: Int32[np.ndarray, " edge"]
    target: Int32[np.ndarray, " edge"]
    kind: tuple[str, ...]
    """attention, mlp or residual."""
    contribution: Float[np.ndarray, " edge"]
    norm: Float[np.ndarray, " edge"]
    attention: Float[np.ndarray, " edge"]
    """Paid along it; NaN where no attention is paid."""


@dataclass(frozen=True, slots=True, eq=False)
class AnatomyGraph(ShownInNotebooks):
    """What `llm_tt.anatomy.flow` returns.

    Vectors that enter a sum (head, attention, mid, MLP, output) add up to its own, but for a mixture of
    experts, whose parts are not drawn. Contributions into any node add up to its own, and so do those that
    leave it; only a state carries its own on, and what later parts make of it leaves as well. The parts that
    are not shown have nodes together.
    """

    prompt: Prompt
    target: Target
    layers: tuple[int, ...]
    measure: Measure
    """By which the parts shown were chosen."""
    n_vocabulary: int
    """How many tokens there are: the worst rank."""
    has_parallel_blocks: bool
    notes: tuple[str, ...]
    """What has to be said beside queries and keys, in sentences."""
    neuron_notes: tuple[str, ...]
    """What has to be said beside what neurons read."""
    nodes: NodeColumns
    edges: EdgeColumns
    texts: Mapping[int, str]
    """Of the tokens that nodes and target name."""
    explained: Explained
    """The target in words."""
    is_edited: bool
    """Whether an intervention took part in the run."""

    @property
    def position(self) -> int:
        """Where all of it is."""
        return self.target.position

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes' names."""
        return tuple(node.name for node in self.nodes.what)

    def place_of(self, name: str) -> int:
        """Where a node stands in the columns.

        Raises:
            TargetError: there is no such node.
        """
        if name not in self.names:
            raise TargetError(
                asked=f"Find {name!r} in the anatomy.",
                found=f"It shows layers {', '.join(map(str, self.layers))} and {len(self.names)} nodes.",
                remedy="Take a name from graph.names, or show more parts.",
            )
        return self.names.index(name)

    def into(self, name: str) -> tuple[str, ...]:
        """Names of the nodes from which edges lead to a node.

        Raises:
            TargetError: there is no such node.
        """
        entering = self.edges.source[self.edges.target == self.place_of(name)]
        return tuple(self.names[place] for place in entering.tolist())

    def token_strings(self, token_ids: Int[np.ndarray, " top"] | Sequence[int]) -> tuple[str, ...]:
        """Texts of tokens that the nodes name: `graph.token_strings(graph.nodes.promoted[place])`."""
        return tuple(self.texts[int(token_id)] for token_id in token_ids if token_id >= 0)

    def to_networkx(self) -> nx.DiGraph:
        """The graph for networkx, with readable names and plain values; see `networkx_anatomy`."""
        from llm_tt.anatomy.networkx_anatomy import to_networkx  # it imports this module

        return to_networkx(self)
