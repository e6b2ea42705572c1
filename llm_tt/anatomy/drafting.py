"""A graph while it is made: blocks of nodes and edges, gathered in the order in which they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from einops import repeat
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.anatomy.anatomy_graph import EdgeColumns
from llm_tt.anatomy.measures import Measure, Numbers
from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind
from llm_tt.model.language_model import LanguageModel, LayerWeights
from llm_tt.tracing.trace import ForwardTrace

Places = Int[np.ndarray, " _"]
"""Where some nodes stand in the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """What some routes write, each measured in two ways, and what attention was paid along them."""

    contribution: Float[Tensor, " some"]
    norm: Float[Tensor, " some"]
    attention: Float[Tensor, " some"] | None = None

    def __getitem__(self, chosen: Tensor | slice) -> "Amounts":
        attention = None if self.attention is None else self.attention[chosen]
        return Amounts(self.contribution[chosen], self.norm[chosen], attention)


def amounts_of(vectors: Float[Tensor, "some d_model"], direction: Float[Tensor, " d_model"]) -> Amounts:
    """Of vectors that are written into the stream."""
    lengths: Tensor = torch.linalg.vector_norm(vectors, dim=-1)
    return Amounts(vectors @ direction, lengths)


def at_rows(places: Places, rows: Int[Tensor, " some"]) -> Places:
    """The places of some rows, each as often as it is named."""
    chosen: Places = places[rows.cpu().numpy()]
    return chosen


@dataclass(slots=True, eq=False)
class Draft:
    """Grows while layers are added; `direction` is along which contributions are read."""

    position: int
    direction: Float[Tensor, " d_model"]
    nodes: list[AnatomyNode] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    _vectors: list[Tensor] = field(default_factory=list)
    _amounts: list[Amounts] = field(default_factory=list)
    _coefficients: list[Tensor] = field(default_factory=list)
    _edges: list[tuple[Places, Places, str, Amounts]] = field(default_factory=list)

    def add(  # noqa: PLR0913 (what some nodes are, and what they hold)
        self,
        kind: NodeKind,
        layer: int,
        vectors: Float[Tensor, "some d_model"],
        *,
        amounts: Amounts | None = None,
        coefficients: Float[Tensor, " some"] | None = None,
        counts: Sequence[int] | None = None,
        **numbers: Int[Tensor, " some"],
    ) -> Places:
        """Nodes of one kind; `numbers` are their heads, keys or neurons. Without amounts, the vectors'."""
        n_nodes, start = len(vectors), len(self.nodes)
        columns = {name: column.tolist() for name, column in numbers.items()}
        self.nodes += [
            AnatomyNode(kind, layer, self.position, **{name: column[i] for name, column in columns.items()})
            for i in range(n_nodes)
        ]
        self.counts += [1] * n_nodes if counts is None else counts
        self._vectors.append(vectors)
        self._amounts.append(amounts_of(vectors, self.direction) if amounts is None else amounts)
        missing = vectors.new_full((n_nodes,), float("nan"))
        self._coefficients.append(missing if coefficients is None else coefficients)
        return np.arange(start, start + n_nodes)

    def connect(self, sources: Places, targets: Places, kind: str, amounts: Amounts) -> None:
        """Edges; one place at one side stands for all edges of the block."""
        n_edges = len(amounts.norm)
        both = [repeat(p, "one -> (n one)", n=n_edges) if len(p) == 1 else p for p in (sources, targets)]
        if n_edges:
            self._edges.append((both[0], both[1], kind, amounts))

    def amounts_at(self, places: Places) -> Amounts:
        """What passes through some nodes of one block."""
        start = 0
        for amounts in self._amounts:
            if places[0] < start + len(amounts.norm):
                return amounts[torch.as_tensor(places - start, device=amounts.norm.device)]
            start += len(amounts.norm)
        raise IndexError(places)

    @property
    def vectors(self) -> Float[Tensor, "node d_model"]:
        """Of all nodes."""
        return torch.cat(self._vectors)

    @property
    def amounts(self) -> Amounts:
        """Of all nodes."""
        return _joined(self._amounts)

    @property
    def coefficients(self) -> Float[Tensor, " node"]:
        """Of all nodes."""
        return torch.cat(self._coefficients)

    def edges(self) -> EdgeColumns:
        """All edges as columns."""
        amounts = _joined([amounts for *_, amounts in self._edges])
        assert amounts.attention is not None
        return EdgeColumns(
            source=np.concatenate([sources for sources, *_ in self._edges]).astype(np.int32),
            target=np.concatenate([targets for _, targets, *_ in self._edges]).astype(np.int32),
            kind=tuple(kind for sources, _, kind, _ in self._edges for _ in sources),
            contribution=amounts.contribution.cpu().numpy(),
            norm=amounts.norm.cpu().numpy(),
            attention=amounts.attention.cpu().numpy(),
        )


@dataclass(frozen=True, slots=True, eq=False)
class LayerDraft:
    """One layer that is drawn: into which draft, of which pass, and how much of it."""

    draft: Draft
    model: LanguageModel
    trace: ForwardTrace
    layer: int
    weights: LayerWeights
    """That layer's: half precisions are upcast once."""
    measure: Measure
    numbers: Numbers


def _joined(blocks: list[Amounts]) -> Amounts:
    nothing_paid = [torch.full_like(amounts.norm, float("nan")) for amounts in blocks]
    paid = [amounts.attention for amounts in blocks]
    return Amounts(
        torch.cat([amounts.contribution for amounts in blocks]),
        torch.cat([amounts.norm for amounts in blocks]),
        torch.cat([b if a is None else a for a, b in zip(paid, nothing_paid, strict=True)]),
    )
