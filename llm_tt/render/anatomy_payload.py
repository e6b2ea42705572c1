"""An anatomy as bytes for the browser: "LTA1", then one object in JSON with columns of nodes and of edges.

There are a few hundred of both, so text is small enough, and says what it means. Numbers that are not there
(NaN in the library's columns) are null.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.render.anatomy_words import how_read, node_sentence, unit_in_words
from llm_tt.render.target_label import label_of
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part, Stage

_MAGIC: Final = b"LTA1"
_DIGITS: Final = 5
SHOWN_TOKENS: Final = 5
"""Of each end of a reading."""


@dataclass(frozen=True, slots=True)
class AnatomyCaption:
    """What the picture says besides the graph; plain values."""

    run: str
    """Tells apart what was computed."""
    prompt: str
    """Tells apart prompts and models; a selection holds as long as it stays."""
    run_label: str | None = None
    """What the run is called where it is not the usual one."""


def anatomy_payload(
    graph: AnatomyGraph, caption: AnatomyCaption, names: Mapping[str, str] | None = None
) -> bytes:
    """The picture of an anatomy; `names` are what a person calls components."""
    contrast = graph.explained.contrast
    content = {
        "run": caption.run,
        "prompt": caption.prompt,
        "runLabel": caption.run_label,
        "tokens": [visible_token(token) for token in graph.prompt.token_strings],
        "position": graph.position,
        "layers": list(graph.layers),
        "parallel": graph.has_parallel_blocks,
        "vocabulary": graph.n_vocabulary,
        "target": visible_token(graph.explained.token),
        "contrast": None if contrast is None else visible_token(contrast),
        "targetLabel": label_of(graph.explained),
        "measure": graph.measure,
        "unit": unit_in_words(graph),
        "notes": [*graph.notes, *graph.neuron_notes],
        "nodes": _nodes(graph, names or {}),
        "edges": _edges(graph),
    }
    return _MAGIC + json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def _nodes(graph: AnatomyGraph, names: Mapping[str, str]) -> dict[str, list[object]]:
    nodes, tokens = graph.nodes, graph.prompt.token_strings
    counts = nodes.count.tolist()
    titles = [node_sentence(node, tokens, n) for node, n in zip(nodes.what, counts, strict=True)]
    own = [names.get(name.partition("@")[0], "") for name in graph.names]
    return {
        "name": list(graph.names),
        "kind": [node.kind.value for node in nodes.what],
        "layer": [node.layer for node in nodes.what],
        "head": [node.head for node in nodes.what],
        "key": [node.key for node in nodes.what],
        "neuron": [node.neuron for node in nodes.what],
        "count": counts,
        "title": [f"{title}: {name}" if name else title for title, name in zip(titles, own, strict=True)],
        "how": [how_read(node) for node in nodes.what],
        "promoted": _strings(graph, nodes.promoted[:, :SHOWN_TOKENS]),
        "promotedBy": _lists(nodes.promoted_by[:, :SHOWN_TOKENS]),
        "suppressed": _strings(graph, nodes.suppressed[:, :SHOWN_TOKENS]),
        "suppressedBy": _lists(nodes.suppressed_by[:, :SHOWN_TOKENS]),
        "rank": [rank or None for rank in nodes.rank.tolist()],
        "probability": _numbers(nodes.probability),
        "entropy": _numbers(nodes.entropy),
        "contribution": _numbers(nodes.contribution),
        "norm": _numbers(nodes.norm),
        "coefficient": _numbers(nodes.coefficient),
    }


def _edges(graph: AnatomyGraph) -> dict[str, list[object]]:
    edges = graph.edges
    rows = zip(edges.target.tolist(), edges.kind, strict=True)
    return {
        "source": edges.source.tolist(),
        "target": edges.target.tolist(),
        "kind": list(edges.kind),
        "part": [_residual_name(graph, target) if kind == "residual" else None for target, kind in rows],
        "contribution": _numbers(edges.contribution),
        "norm": _numbers(edges.norm),
        "attention": _numbers(edges.attention),
    }


def _residual_name(graph: AnatomyGraph, target: int) -> str:
    node = graph.nodes.what[target]
    stage: Stage = "mid" if node.kind is NodeKind.MID else "post"
    return str(Part("residual", node.layer, node.position, stage=stage))


def _strings(graph: AnatomyGraph, ids: np.ndarray) -> list[object]:
    """One list a node; empty where nothing could be read."""
    visible = {token_id: visible_token(text) for token_id, text in graph.texts.items()}
    return [[visible[token_id] for token_id in row] if row[0] >= 0 else [] for row in ids.tolist()]


def _lists(numbers: np.ndarray) -> list[object]:
    return [[] if np.isnan(row[0]) else [_short(number) for number in row.tolist()] for row in numbers]


def _numbers(column: np.ndarray) -> list[object]:
    return [None if np.isnan(number) else _short(number) for number in column.tolist()]


def _short(number: float) -> float:
    """As many digits as a picture can use."""
    return float(f"{number:.{_DIGITS}g}")
