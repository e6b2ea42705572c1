"""Reading a graph back from a file that was saved before."""

import json
from codecs import BOM_UTF8
from pathlib import Path
from typing import Final, NoReturn

from llm_tt.errors import ExportError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_json import from_json
from llm_tt.graph.graphml import from_graphml
from llm_tt.reading import read_plain

LARGEST_FILE: Final = 500_000_000
"""Bytes; more than a graph of a million edges."""


def load_graph(path: Path | str) -> FlowGraph:
    """The graph of a .json or .graphml file.

    Raises:
        ExportError: it cannot be opened, is none of ours, or damaged.
    """
    path = Path(path)
    try:
        content = read_plain(path, LARGEST_FILE)
    except OSError as problem:
        _refuse(path, f"It cannot be opened: {problem.strerror}.")
    try:
        if content.removeprefix(BOM_UTF8).lstrip()[:1] == b"<":
            return from_graphml(content)
        return from_json(_parsed(content))
    except ValueError as problem:
        _refuse(path, str(problem))


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # no text, no JSON, endless brackets
        message = "It is neither JSON nor GraphML."
        raise ValueError(message) from None


def _refuse(path: Path, found: str) -> NoReturn:
    raise ExportError(
        asked=f"Read the graph in {path}.",
        found=found,
        remedy="Choose a .json or .graphml file that was saved as a graph of ours.",
    )
