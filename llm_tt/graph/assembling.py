"""A graph from the columns of a file, checked and in order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from llm_tt.graph.edge_order import candidate_order
from llm_tt.graph.edges import EdgeKind, WeightColumn
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_header import fields_from
from llm_tt.graph.reading import text_in

_KINDS: Final = {kind.label: kind for kind in EdgeKind}
_NUMBERS: Final = ("float32", "float64")


def shortest(column: WeightColumn) -> list[float]:
    """Numbers with as few digits as tell them apart in their own precision."""
    digits: list[float] = column.astype("U").astype(np.float64).tolist()
    return digits


def assembled(  # noqa: PLR0913 (the columns of a graph)
    header: Mapping[str, Any],
    *,
    source: Int[np.ndarray, " as_many"],
    target: Int[np.ndarray, " or_not"],
    kinds: Sequence[str],
    heads: Sequence[object],
    weight: Sequence[float | int],
    survival: Sequence[float | int],
) -> FlowGraph:
    """The graph, its edges in the order of `candidates`.

    Raises:
        ValueError: the columns do not fit together, or to the header; in words for the person.
    """
    if len({len(column) for column in (source, target, kinds, heads, weight, survival)}) != 1:
        message = "Its columns of edges have different lengths."
        raise ValueError(message)
    fields = fields_from(header)
    precision = text_in(header, "number", _NUMBERS)
    kind = np.array([_known_kind(kind) for kind in kinds], np.int8)
    head = np.array([_known_head(head) for head in heads], np.int16)
    order = candidate_order(fields["lattice"], source, target, kind, head)
    is_behind = target % len(fields["prompt"]) > fields["target_position"]
    if is_behind.any() or len(order) > fields["n_candidates"]:
        message = "It has edges that lead to no such target."
        raise ValueError(message)
    return FlowGraph(
        **fields,
        source=source[order].astype(np.int32),
        target=target[order].astype(np.int32),
        kind=kind[order],
        head=head[order],
        weight=_finite("weight", weight, precision)[order],
        survival=_finite("survival", survival, precision)[order],
    )


def _finite(name: str, values: Sequence[float | int], precision: str) -> Float[np.ndarray, " edge"]:
    with np.errstate(over="ignore"):  # what is too large for the precision is no finite number, and refused
        column = np.array(values, precision)
    if not np.isfinite(column).all() or (name == "survival" and (column < 0).any()):
        message = f"Its column {name!r} has numbers that cannot be."
        raise ValueError(message)
    return column


def _known_kind(name: str) -> int:
    if name not in _KINDS:
        message = f"An edge is of the kind {name[:40]!r}; kinds are {', '.join(_KINDS)}."
        raise ValueError(message)
    return _KINDS[name]


def _known_head(head: object) -> int:
    if not isinstance(head, int) or isinstance(head, bool) or not -1 <= head < 10_000:
        message = f"An edge has the head {str(head)[:40]!r}, which is no number of a head."
        raise ValueError(message)
    return head
