"""`PairedGraphs`: two graphs laid out over common columns, edge for edge."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from llm_tt.comparison.alignment import Alignment, Side
from llm_tt.errors import ComparisonError
from llm_tt.graph.edge_order import candidate_number
from llm_tt.graph.edges import NodeColumn
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.lattice import Lattice
from llm_tt.model.prompt import Prompt

NO_TOKEN: Final = -1
"""Stands among the token ids of a column where the side has no position."""


@dataclass(frozen=True, slots=True, eq=False)
class PairedGraphs:
    """Row i of both graphs is the same edge; where only one of them has it, the other one has weight 0 there.

    Their positions are columns. Weights and survivals are those of each side alone: what was laid between
    its positions weighs nothing, so no way became wider or narrower.
    """

    alignment: Alignment
    first: FlowGraph
    second: FlowGraph

    @property
    def is_one_unit(self) -> bool:
        """Whether weights of both mean the same: shares, or contributions to the same kind of target."""
        return _unit(self.first) == _unit(self.second)


def pair_graphs(first: FlowGraph, second: FlowGraph, alignment: Alignment) -> PairedGraphs:
    """Lay two graphs over the columns of an alignment.

    Raises:
        ComparisonError: they are of models of other sizes, the alignment is one of other prompts, or it puts
            the two targets into different columns.
    """
    _check_sizes(first, second)
    lengths = [len(alignment.columns_of(side)) for side in (0, 1)]
    if lengths != [len(first.prompt), len(second.prompt)]:
        raise ComparisonError(
            asked="Compare two graphs.",
            found=f"The alignment is one of {lengths[0]} and {lengths[1]} tokens, the prompts have "
            f"{len(first.prompt)} and {len(second.prompt)}.",
            remedy="Align the tokens of these prompts.",
        )
    labels = alignment.labels(first.prompt.token_strings, second.prompt.token_strings)
    laid = _on_columns(first, alignment, 0, labels), _on_columns(second, alignment, 1, labels)
    if laid[0].target_position != laid[1].target_position:
        raise ComparisonError(
            asked="Compare two graphs.",
            found=f"They lead to positions {first.target_position} and {second.target_position}, which the "
            "alignment keeps apart.",
            remedy="Align with target= these two positions.",
        )
    return PairedGraphs(alignment, *_with_common_edges(*laid))


def _check_sizes(first: FlowGraph, second: FlowGraph) -> None:
    ours, theirs = (replace(graph.lattice, n_positions=1) for graph in (first, second))
    if ours == theirs:
        return
    raise ComparisonError(
        asked="Compare two graphs edge by edge.",
        found=f"One model has {_size(ours)}, the other {_size(theirs)}: their edges are not the same ones.",
        remedy="Look at both graphs side by side; numbers and promoted tokens can be compared.",
    )


def _size(lattice: Lattice) -> str:
    blocks = ", attention and MLP at once" if lattice.has_parallel_blocks else ""
    return f"{lattice.n_layers} layers of {lattice.n_heads} heads{blocks}"


def _unit(graph: FlowGraph) -> object:
    if graph.explains is None:
        return graph.aggregate
    return "difference" if graph.explains.contrast_id is not None else graph.explains.metric


def _on_columns(graph: FlowGraph, alignment: Alignment, side: Side, labels: tuple[str, ...]) -> FlowGraph:
    """The same edges; columns keep the order of positions, and so edges keep theirs."""
    columns = alignment.columns_of(side).astype(np.int32)
    lattice = replace(graph.lattice, n_positions=len(alignment))
    target = int(columns[graph.target_position])
    explains = graph.explains

    def moved(nodes: NodeColumn) -> NodeColumn:
        row, position = np.divmod(nodes, np.int32(graph.lattice.n_positions))
        laid: NodeColumn = row * np.int32(len(alignment)) + columns[position]
        return laid

    return replace(
        graph,
        prompt=_prompt_on_columns(graph.prompt, columns, labels),
        lattice=lattice,
        target_position=target,
        explains=None if explains is None else replace(explains, position=target),
        n_candidates=_count_candidates(lattice, target + 1),
        source=moved(graph.source),
        target=moved(graph.target),
        record=replace(graph.record, predictions=()),
    )


def _prompt_on_columns(prompt: Prompt, columns: np.ndarray, labels: tuple[str, ...]) -> Prompt:
    token_ids = np.full(len(labels), NO_TOKEN)
    token_ids[columns] = prompt.token_ids
    return Prompt(
        prompt.text,
        tuple(token_ids.tolist()),
        labels,
        frozenset(columns[sorted(prompt.special_positions)].tolist()),
        frozenset(columns[sorted(prompt.added_positions)].tolist()),
    )


def _count_candidates(lattice: Lattice, n: int) -> int:
    """As many as `edges_of_layer` would make for a target behind `n` columns."""
    straight = lattice.rows_per_layer + 1
    return lattice.n_layers * (lattice.n_heads * n * (n + 1) // 2 + straight * n)


def _with_common_edges(first: FlowGraph, second: FlowGraph) -> tuple[FlowGraph, FlowGraph]:
    numbers = [
        candidate_number(graph.lattice, graph.source, graph.target, graph.kind, graph.head)
        for graph in (first, second)
    ]
    union, origin = np.unique(np.concatenate(numbers), return_index=True)
    ours, theirs = (
        replace(
            graph,
            source=np.concatenate([first.source, second.source])[origin],
            target=np.concatenate([first.target, second.target])[origin],
            kind=np.concatenate([first.kind, second.kind])[origin],
            head=np.concatenate([first.head, second.head])[origin],
            weight=_spread(graph.weight, np.searchsorted(union, own), len(union)),
            survival=_spread(graph.survival, np.searchsorted(union, own), len(union)),
        )
        for graph, own in zip((first, second), numbers, strict=True)
    )
    return ours, theirs


def _spread(
    column: Float[np.ndarray, " own"], places: Int[np.ndarray, " own"], length: int
) -> Float[np.ndarray, " edge"]:
    spread = np.zeros(length, column.dtype)
    spread[places] = column
    return spread
