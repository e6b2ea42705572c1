"""All that a graph's file says but for its edges: into plain values for JSON, and back, checked.

format, version            "llm_tt.graph", 1
model, edited, edits       where the model came from; whether an intervention took part, and what it changed
prompt                     text, token_ids, token_strings, special_positions, added_positions
predictions                token and probability, one for each position; empty where nobody recorded them
method, aggregate          as `attribute` and `build_graph` were told
target                     position, token_id, contrast_id, metric; null for methods without one
explained                  token, contrast, value: the target in words; null like it
target_position            where all routes end
shape                      layers, heads, positions, parallel_blocks
candidates, mass, number   edges of the whole graph; share of its weight that is here; float32 or float64
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, get_args

from llm_tt.attribution.method_list import METHODS
from llm_tt.attribution.run_record import Explained, Prediction, RunRecord
from llm_tt.attribution.target import Metric, Target
from llm_tt.graph.flow_graph import Aggregate, FlowGraph
from llm_tt.graph.lattice import Lattice
from llm_tt.graph.reading import entry, listed, number_in, text_in
from llm_tt.model.prompt import Prompt

FORMAT: Final = "llm_tt.graph"
VERSION: Final = 1

MOST_NODES: Final = 10_000_000
"""Larger than any graph that fits into memory: a file's few letters must not ask for more."""


def header_of(graph: FlowGraph) -> dict[str, Any]:
    """The header of a graph's file."""
    prompt, lattice, record = graph.prompt, graph.lattice, graph.record
    return {
        "format": FORMAT,
        "version": VERSION,
        "model": record.model,
        "edited": record.is_edited,
        "edits": list(record.edits),
        "prompt": {
            "text": prompt.text,
            "token_ids": list(prompt.token_ids),
            "token_strings": list(prompt.token_strings),
            "special_positions": sorted(prompt.special_positions),
            "added_positions": sorted(prompt.added_positions),
        },
        "predictions": [asdict(said) for said in record.predictions],
        "method": graph.method,
        "aggregate": graph.aggregate,
        "target": None if graph.explains is None else asdict(graph.explains),
        "explained": None if record.explained is None else asdict(record.explained),
        "target_position": graph.target_position,
        "shape": {
            "layers": lattice.n_layers,
            "heads": lattice.n_heads,
            "positions": lattice.n_positions,
            "parallel_blocks": lattice.has_parallel_blocks,
        },
        "candidates": graph.n_candidates,
        "mass": graph.mass,
        "number": str(graph.weight.dtype),
    }


def fields_from(header: Mapping[str, Any]) -> dict[str, Any]:
    """What a header says, as arguments of `FlowGraph`.

    Raises:
        ValueError: something is missing or cannot be; in words for the person.
    """
    _check_format(header)
    prompt = _prompt_from(entry(header, "prompt", dict))
    lattice = _lattice_from(entry(header, "shape", dict), len(prompt))
    position = number_in(header, "target_position", 0, len(prompt) - 1)
    target = _target_from(header, position)
    return {
        "prompt": prompt,
        "method": text_in(header, "method", METHODS),
        "aggregate": text_in(header, "aggregate", get_args(Aggregate)),
        "explains": target,
        "lattice": lattice,
        "target_position": position,
        "n_candidates": number_in(header, "candidates", 1, MOST_NODES * 1000),
        "mass": float(entry(header, "mass", float, int)),
        "record": _record_from(header, len(prompt), target),
    }


def _check_format(header: Mapping[str, Any]) -> None:
    if header.get("format") != FORMAT:
        message = f"It does not say that its format is {FORMAT!r}."
        raise ValueError(message)
    version = header.get("version")
    if version != VERSION or isinstance(version, bool):
        message = f"It is not of version {VERSION}, the only one that we know."
        raise ValueError(message)


def _prompt_from(content: Mapping[str, Any]) -> Prompt:
    token_ids, strings = listed(content, "token_ids", int), listed(content, "token_strings", str)
    if not token_ids or len(token_ids) != len(strings):
        message = f"It has {len(token_ids)} token_ids and {len(strings)} token_strings."
        raise ValueError(message)
    special, added = (
        frozenset(place for place in listed(content, name, int) if 0 <= place < len(token_ids))
        for name in ("special_positions", "added_positions")
    )
    return Prompt(entry(content, "text", str), tuple(token_ids), tuple(strings), special, added)


def _lattice_from(shape: Mapping[str, Any], n_positions: int) -> Lattice:
    lattice = Lattice(
        number_in(shape, "layers", 1, 10_000),
        number_in(shape, "heads", 1, 10_000),
        number_in(shape, "positions", n_positions, n_positions),
        entry(shape, "parallel_blocks", bool),
    )
    if lattice.n_nodes > MOST_NODES:
        message = f"It says that it has {lattice.n_nodes:,} states, more than fit."
        raise ValueError(message)
    return lattice


def _target_from(header: Mapping[str, Any], position: int) -> Target | None:
    if header.get("target") is None:
        return None
    content = entry(header, "target", dict)
    contrast = content.get("contrast_id")
    return Target(
        position=number_in(content, "position", position, position),
        token_id=number_in(content, "token_id", 0, MOST_NODES),
        contrast_id=None if contrast is None else number_in(content, "contrast_id", 0, MOST_NODES),
        metric=text_in(content, "metric", get_args(Metric)),  # type: ignore[arg-type]
    )


def _record_from(header: Mapping[str, Any], n_positions: int, target: Target | None) -> RunRecord:
    said = [
        Prediction(entry(one, "token", str), float(entry(one, "probability", float, int)))
        for one in listed(header, "predictions", dict)
    ]
    if len(said) not in (0, n_positions):
        message = f"It has {len(said)} predictions for {n_positions} tokens."
        raise ValueError(message)
    explained = None
    if target is not None and header.get("explained") is not None:
        content = entry(header, "explained", dict)
        contrast = content.get("contrast")
        explained = Explained(
            token=entry(content, "token", str),
            contrast=None if contrast is None else entry(content, "contrast", str),
            value=float(entry(content, "value", float, int)),
        )
    return RunRecord(
        model=entry(header, "model", str),
        is_edited=entry(header, "edited", bool),
        edits=tuple(listed(header, "edits", str)),
        predictions=tuple(said),
        explained=explained,
    )
