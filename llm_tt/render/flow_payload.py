"""A graph as bytes for the browser: a header in JSON, then one column after the other.

    "LTF1"  length of the header (uint32)  header
    weight (float32)  other weight (float32, where two methods are compared)
    source, target (uint32)  head (int16)  kind (uint8)

All little-endian; the header and each column are filled up to a multiple of four bytes. The browser computes
survival by itself, so one payload serves every place of the slider and, where all edges are in it, every
target. Beyond a budget the weakest edges stay here. No number changes by that: edges are left out by their
survival, and ways that survive a threshold have only edges that do.
"""

import json
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Bool

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.methods import METHOD_LABELS
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.prompt import Prompt
from llm_tt.render.visible_text import visible_token

MAX_EDGES: Final = 60_000
"""A megabyte, and what a browser on a laptop redraws without a pause."""

_MAGIC: Final = b"LTF1"
_UNITS: Final = {"logit": "to the logit", "logprob": "to the log-probability"}


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says after one position."""

    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class FlowCaption:
    """What the picture says besides the graph; plain values."""

    run: str
    """Tells apart what was computed; the browser keeps its state while it stays."""
    prompt: str
    """Tells apart prompts and models; a selection holds as long as it stays."""
    target_label: str
    predictions: tuple[Prediction, ...]
    """One for each position."""


def flow_payload(
    shares: EdgeContributions,
    position: int,
    caption: FlowCaption,
    *,
    other: EdgeContributions | None = None,
    max_edges: int = MAX_EDGES,
) -> bytes:
    """The graph of one prediction; of all of them where the method asks for no target and there is room."""
    sent = _choose(shares, position, other, max_edges)
    graph, columns = sent.graph, np.flatnonzero(sent.chosen)
    header = {
        "edges": len(columns),
        "targetPosition": position,
        **_what_is_shown(shares, other, sent),
        **_caption(caption),
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


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """Which edges go to the browser."""

    graph: FlowGraph
    other: FlowGraph | None
    chosen: Bool[np.ndarray, " edge"]
    every_target: bool
    floor: float
    """Edges that survive less stay here; 0 when all are sent."""
    other_floor: float
    """The same for the other method's edges."""
    hidden: dict[str, int | float] | None
    reaching_mass: float | None
    """Sum of |weight| of all edges that reach the target, where the browser cannot add it up."""


def _choose(
    shares: EdgeContributions, position: int, other: EdgeContributions | None, max_edges: int
) -> _Sent:
    if not shares.is_signed and (other is None or not other.is_signed):
        last = len(shares.prompt) - 1
        graph, second = _both(shares, other, last)
        chosen = graph.weight > 0
        if second is not None:
            chosen |= second.weight > 0
        if np.count_nonzero(chosen) <= max_edges:
            return _Sent(graph, second, chosen, True, 0.0, 0.0, None, None)
    graph, second = _both(shares, other, position)
    floor = _floor(graph, max_edges)
    chosen = (graph.survival > 0) & (graph.survival >= floor)
    hidden = _hidden(graph, floor) if floor > 0 else None
    other_floor = 0.0 if second is None else _floor(second, max_edges)
    if second is not None:
        chosen |= (second.survival > 0) & (second.survival >= other_floor)
    reaching = float(np.abs(graph.weight[graph.survival > 0]).sum(dtype=np.float64))
    return _Sent(graph, second, chosen, False, floor, other_floor, hidden, reaching)


def _both(
    shares: EdgeContributions, other: EdgeContributions | None, position: int
) -> tuple[FlowGraph, FlowGraph | None]:
    second = None if other is None else build_graph(other, position)
    return build_graph(shares, position), second


def _floor(graph: FlowGraph, max_edges: int) -> float:
    """The lowest threshold at which no more than so many edges are left; 0 if all may go."""
    alive = graph.survival[graph.survival > 0]
    if len(alive) <= max_edges:
        return 0.0
    first_left_out = np.partition(alive, len(alive) - max_edges - 1)[len(alive) - max_edges - 1]
    kept = alive[alive > first_left_out]  # edges that tie stay or go together
    return float(kept.min()) if len(kept) else float(first_left_out)


def _hidden(graph: FlowGraph, floor: float) -> dict[str, int | float]:
    n_alive = int(np.count_nonzero(graph.survival > 0))
    kept = graph.prune(threshold=floor)
    return {"edges": n_alive - kept.n_edges, "mass": 1 - kept.mass}


def _what_is_shown(
    shares: EdgeContributions, other: EdgeContributions | None, sent: _Sent
) -> dict[str, object]:
    return {
        **_shape(sent.graph),
        "tokens": visible_tokens(shares.prompt),
        "method": shares.method,
        "methodLabel": METHOD_LABELS[shares.method],
        "signed": shares.is_signed,
        "unit": _unit(shares),
        "everyTarget": sent.every_target,
        "floor": sent.floor,
        "hidden": sent.hidden,
        "reachingMass": sent.reaching_mass,
        "other": None if other is None else _other(other) | {"floor": sent.other_floor},
    }


def _caption(caption: FlowCaption) -> dict[str, object]:
    return {
        "run": caption.run,
        "prompt": caption.prompt,
        "targetLabel": caption.target_label,
        "predictions": [
            {"token": visible_token(said.token), "probability": said.probability}
            for said in caption.predictions
        ],
    }


def _shape(graph: FlowGraph) -> dict[str, object]:
    lattice = graph.lattice
    return {
        "rows": lattice.n_rows,
        "positions": lattice.n_positions,
        "layers": lattice.n_layers,
        "heads": lattice.n_heads,
        "parallel": lattice.has_parallel_blocks,
    }


def _other(shares: EdgeContributions) -> dict[str, object]:
    return {"method": shares.method, "label": METHOD_LABELS[shares.method], "signed": shares.is_signed}


def _unit(shares: EdgeContributions) -> str:
    if shares.target is None:
        return "of the sum"
    if shares.target.contrast_id is not None:
        return "to the difference of logits"
    return _UNITS[shares.target.metric]


def _filled(column: bytes) -> bytes:
    return column + b"\0" * (-len(column) % 4)
