"""What a file for circuit-tracer and Neuronpedia says of a graph besides nodes and links.

Slug and scan are parts of addresses and of a file's name there, so they have plain letters only. Scan is the
name of a model: `EleutherAI/pythia-70m` becomes `EleutherAI-pythia-70m`, a folder its last name. The
organisation stays in it, because of models that it knows by name Neuronpedia shows its own features, and our
nodes are none of them. To upload, register a model of that name there, or put a registered one in its place.
"""

import hashlib
import math
import re
from dataclasses import asdict, dataclass
from pathlib import PureWindowsPath
from typing import Any, Final

from llm_tt import __version__
from llm_tt.attribution.method_list import METHODS
from llm_tt.errors import ExportError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.render.number_words import MINUS
from llm_tt.render.portable_text import portable

NO_TOKEN: Final = -1
"""For a token whose number nobody recorded."""

_LONGEST_NAME: Final = 40
"""Characters of the prompt in a slug."""


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """The node where all links end."""

    text: str
    """A token, or one token minus another."""
    probability: float
    token_id: int


def shown_output(graph: FlowGraph) -> ShownOutput:
    """What the graph explains, as far as its record knows.

    Of a contrast, the probability is that of the token if it can only be one of the two: the logistic
    function of the difference of their logits. Without a record it is 0.
    """
    explained, said = graph.record.explained, graph.record.predictions
    token_id = NO_TOKEN if graph.explains is None else graph.explains.token_id
    if explained is None:
        if graph.explains is not None or not said:
            return ShownOutput("?", 0.0, token_id)
        best = said[graph.target_position]
        return ShownOutput(best.token, best.probability, token_id)
    if explained.contrast is None:
        return ShownOutput(explained.token, explained.value, token_id)
    # The logistic function, in the form that does not overflow.
    probability = 0.5 * (1 + math.tanh(explained.value / 2))
    return ShownOutput(f"{explained.token} {MINUS}{explained.contrast}", probability, token_id)


def graph_metadata(graph: FlowGraph, slug: str | None) -> dict[str, Any]:
    """The entry `metadata`.

    Raises:
        ExportError: the slug has other characters than letters of ASCII, digits, `_`, `.` and `-`.
    """
    return {
        "slug": _default_slug(graph) if slug is None else _checked_slug(slug),
        "scan": scan_of(graph.record.model),
        "transcoder_list": [],
        "prompt_tokens": [portable(token) for token in graph.prompt.token_strings],
        "prompt": portable(graph.prompt.text),
        # Both tools offer their slider only to files with a threshold; at 1 it begins with all nodes shown.
        "node_threshold": 1.0,
        # Says that a node's feature is the pair of its layer and its number, by Cantor.
        "schema_version": 1,
        "info": {
            "description": _description(graph),
            "generator": {"name": "llm_tt", "version": __version__},
        },
        "generation_settings": {
            "method": graph.method,
            "aggregate": graph.aggregate,
            "target_position": graph.target_position,
            "target": None if graph.explains is None else asdict(graph.explains),
            "edited": graph.record.is_edited,
            "edits": [portable(edit) for edit in graph.record.edits],
            "max_n_logits": 1,
        },
        "pruning_settings": {
            "edges": graph.n_edges,
            "candidate_edges": graph.n_candidates,
            "density": graph.density,
            "mass": graph.mass,
        },
    }


def scan_of(model: str) -> str:
    """A model's name in plain letters; of a folder its last name, for where it lies is nobody's business."""
    is_hub_name = re.fullmatch(r"[^/\\]+/[^/\\]+", model) is not None
    return _plain(model if is_hub_name else PureWindowsPath(model).name) or "unknown-model"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")


def _checked_slug(slug: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_.-]+", slug) and slug.strip("."):
        return slug
    plain = _plain(slug)
    raise ExportError(
        asked=f"Write the graph for circuit-tracer under the name {slug!r}.",
        found="It becomes part of an address, where only A to Z, a to z, 0 to 9, '_', '.' and '-' can stand.",
        remedy=f"Call it {plain!r}." if plain else "Choose a name of these characters, or leave it out.",
    )


def _default_slug(graph: FlowGraph) -> str:
    """Begins as the prompt does; graphs that differ have different ones."""
    identity = (graph.record, graph.prompt.token_ids, graph.method, graph.aggregate, graph.explains)
    content = repr((identity, graph.target_position, graph.n_edges)).encode("utf-8", "surrogatepass")
    words = _plain(graph.prompt.text)[:_LONGEST_NAME].strip("-.").lower()
    return "-".join(filter(None, [words, graph.method, hashlib.sha256(content).hexdigest()[:8]]))


def _description(graph: FlowGraph) -> str:
    explained = graph.record.explained
    sentences = [
        METHODS.get(graph.method, graph.method),
        "Nodes are embeddings, attention heads and MLPs at the positions where they write.",
        "A link weighs what its reader weighs times the share of its writer in the state that was read.",
    ]
    if graph.explains is None:
        sentences += ["Weights are shares, without a sign."]
    else:
        sentences += ["Weights are contributions to the target; negative links work against it."]
    if explained is not None and explained.contrast is not None:
        token, contrast = portable(repr(explained.token)), portable(repr(explained.contrast))
        sentences += [
            f"The target is the logit of {token} minus the logit of {contrast}, as one node: positive links "
            f"speak for {token}, negative ones for {contrast}. Its p is the probability of {token} if it can "
            "only be one of these two."
        ]
    if explained is None and (graph.explains is not None or not graph.record.predictions):
        sentences += ["Nobody recorded what the model predicted: '?' and p=0.000 stand for it."]
    if graph.record.is_edited:
        sentences += ["An intervention took part in the run."]
    return " ".join(sentences)
