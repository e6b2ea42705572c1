"""A graph as bytes for the browser: a header in JSON, then one column after the other.

    "LTF1"  length of the header (uint32)  header
    weight (float32)  other weight (float32, where two methods or two runs are compared)
    source, target (uint32)  head (int16)  kind (uint8)

All little-endian; the header and each column are filled up to a multiple of four bytes. The browser computes
survival by itself, so one payload serves every place of the slider and, where all edges are in it, every
target. Beyond a budget the weakest edges stay here. No number changes by that: edges are left out by their
survival, and ways that survive a threshold have only edges that do.

Two methods are compared at equal numbers of edges. Two runs, explained in the same unit, are compared at one
threshold: what is kept of each is what that run's graph would keep alone, and beyond the budget both have
one floor, above which both are exact.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.attribution.run_record import RunRecord
from llm_tt.comparison.difference import NOTICEABLE_CHANGE
from llm_tt.errors import GraphError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.prompt import Prompt
from llm_tt.render.flow_budget import MAX_EDGES, SentEdges, choose_edges, edges_of_graph
from llm_tt.render.portable_text import portable
from llm_tt.render.visible_text import visible_token

_MAGIC: Final = b"LTF1"
_UNITS: Final = {"logit": "to the logit", "logprob": "to the log-probability"}


@dataclass(frozen=True, slots=True)
class FlowCaption:
    """What the picture says besides the graph; plain values."""

    run: str
    """Tells apart what was computed; the browser keeps its state while it stays."""
    prompt: str
    """Tells apart prompts and models; a selection holds as long as it stays."""
    target_label: str
    run_label: str | None = None
    """What the run is called where it is not the usual one ("edited run"); stands in the picture's corner. In
    a difference: what the first of the two runs is called, otherwise "base"."""


@dataclass(frozen=True, slots=True)
class OtherRun:
    """Says that the other contributions are those of another run, and not of another method."""

    label: str
    """In a word or two: "edited"."""


def flow_payload(  # noqa: PLR0913 (one graph or two, and how they are told apart)
    shares: EdgeContributions,
    position: int,
    caption: FlowCaption,
    *,
    other: EdgeContributions | None = None,
    other_run: OtherRun | None = None,
    max_edges: int = MAX_EDGES,
) -> bytes:
    """The graph of one prediction; of all of them where the method asks for no target and there is room.

    With `other` alone, two methods are compared; with `other_run` beside it, two runs of one prompt.

    Raises:
        GraphError: two runs were to be compared, but the contributions do not answer the same question.
    """
    if other_run is not None:
        _check_comparable(shares, other)
    sent = choose_edges(shares, position, other, max_edges, one_floor=other_run is not None)
    told = None if other is None else _other(other, other_run, sent)
    return packed_graph(sent, position, caption, {"other": told, "cut": None})


def graph_payload(graph: FlowGraph, caption: FlowCaption, *, max_edges: int = MAX_EDGES) -> bytes:
    """A graph as it is: one that was cut is shown whole, and the slider can only cut it further."""
    cut = {"unit": "density", "value": graph.density} if graph.n_edges < graph.n_candidates else None
    sent = edges_of_graph(graph, max_edges)
    return packed_graph(sent, graph.target_position, caption, {"other": None, "cut": cut})


def packed_graph(sent: SentEdges, position: int, caption: FlowCaption, more: Mapping[str, object]) -> bytes:
    """The bytes of what was chosen; `more` goes into the header, in place of what would stand there."""
    graph, columns = sent.graph, np.flatnonzero(sent.chosen)
    header = {
        "edges": len(columns),
        "targetPosition": position,
        **_what_is_shown(sent),
        **_caption(caption),
        **more,
    }
    weights = [graph.weight[columns].astype("<f4")]
    if sent.other is not None:
        weights.append(sent.other.weight[columns].astype("<f4"))
    parts = [
        *weights,
        graph.source[columns].astype("<u4"),
        graph.target[columns].astype("<u4"),
        graph.head[columns].astype("<i2"),
        graph.kind[columns].astype("u1"),
    ]
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join(
        [_MAGIC, len(text).to_bytes(4, "little"), text, *(_filled(part.tobytes()) for part in parts)]
    )


def visible_tokens(prompt: Prompt) -> list[str]:
    """The prompt's tokens as the picture writes them."""
    return [visible_token(token) for token in prompt.token_strings]


def _what_is_shown(sent: SentEdges) -> dict[str, object]:
    graph = sent.graph
    return {
        **_shape(graph),
        "tokens": visible_tokens(graph.prompt),
        "model": graph.record.model.replace("\\", "/").rstrip("/").rpartition("/")[2],  # never where it lies
        "method": graph.method,
        "methodLabel": METHOD_LABELS[graph.method],
        "signed": graph.explains is not None,
        "unit": _unit(graph),
        "predictions": _predictions(graph.record),
        "edits": [portable(edit) for edit in graph.record.edits],
        "everyTarget": sent.every_target,
        "floor": sent.floor,
        "hidden": sent.hidden,
        "reachingMass": sent.reaching_mass,
    }


def _caption(caption: FlowCaption) -> dict[str, object]:
    return {
        "run": caption.run,
        "prompt": caption.prompt,
        "runLabel": caption.run_label,
        "targetLabel": caption.target_label,
    }


def _predictions(record: RunRecord) -> list[dict[str, object]]:
    said = record.predictions
    return [{"token": visible_token(one.token), "probability": one.probability} for one in said]


def _shape(graph: FlowGraph) -> dict[str, object]:
    lattice = graph.lattice
    return {
        "rows": lattice.n_rows,
        "positions": lattice.n_positions,
        "layers": lattice.n_layers,
        "heads": lattice.n_heads,
        "parallel": lattice.has_parallel_blocks,
    }


def _other(shares: EdgeContributions, run: OtherRun | None, sent: SentEdges) -> dict[str, object]:
    told: dict[str, object] = {
        "method": shares.method,
        "label": METHOD_LABELS[shares.method] if run is None else run.label,
        "signed": shares.is_signed,
        "floor": sent.other_floor,
    }
    if run is None:
        return told | {"run": None}
    return told | {
        "run": {
            "noticeable": NOTICEABLE_CHANGE,
            "hidden": sent.other_hidden,
            "predictions": _predictions(shares.record),
        }
    }


def _check_comparable(shares: EdgeContributions, other: EdgeContributions | None) -> None:
    """A difference is one of weights, so all that gives them their meaning has to be the same."""
    if other is None:
        found = "There are no contributions of the other run."
    elif shares.prompt.token_ids != other.prompt.token_ids:
        found = "The two runs have different prompts."
    elif shares.method != other.method:
        found = f"One run was explained by {shares.method}, the other one by {other.method}."
    elif shares.target != other.target:
        found = f"The two explain different predictions: {shares.target} and {other.target}."
    else:
        return
    raise GraphError(
        asked="Show the difference of two runs.",
        found=found,
        remedy="Attribute both runs of one prompt by the same method to the same target.",
    )


def _unit(graph: FlowGraph) -> str:
    target = graph.explains
    if target is None:
        return "of the sum" if graph.aggregate == "threshold" else "of all that reaches the target"
    if target.contrast_id is not None:
        return "to the difference of logits"
    return _UNITS[target.metric]


def _filled(column: bytes) -> bytes:
    return column + b"\0" * (-len(column) % 4)
