"""A graph as GraphML, with all that it knows: other tools read the edges, we read it back whole."""

import io
import json
import math
import re
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np

from llm_tt.errors import GraphError
from llm_tt.graph.assembling import assembled
from llm_tt.graph.edges import NO_HEAD
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graph_header import fields_from, header_of
from llm_tt.graph.networkx_export import to_networkx

HEADER: Final = "llm_tt"
"""Name of the attribute that holds the header (`graph_header`) as JSON."""

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file can hold."""


def to_graphml(graph: FlowGraph) -> bytes:
    """The file, in UTF-8.

    Raises:
        GraphError: it has too many edges.
    """
    exported = to_networkx(graph)
    exported.graph = {name: _writable(value) for name, value in exported.graph.items()}
    exported.graph[HEADER] = json.dumps(header_of(graph))  # in ASCII, so that any token can stand in it
    for _, attributes in exported.nodes(data=True):
        attributes["token"] = _writable(attributes["token"])
    file = io.BytesIO()
    nx.write_graphml(exported, file, named_key_ids=True)
    return file.getvalue()


def from_graphml(content: bytes) -> FlowGraph:
    """The graph of such a file.

    Raises:
        ValueError: it is none, or damaged; in words for the person.
    """
    if b"\0" in content:  # UTF-16, in which the letters below would not be found
        message = "It is not in UTF-8."
        raise ValueError(message)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        message = "It defines entities of its own, which may be made to fill the memory."
        raise ValueError(message)
    try:
        read = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
        header = json.loads(read.graph[HEADER])
    except (ParseError, nx.NetworkXError, LookupError, ValueError, RecursionError, AttributeError):
        message = f"It is no GraphML file with an attribute {HEADER!r} of the graph."
        raise ValueError(message) from None
    if not isinstance(header, dict):
        message = f"Its attribute {HEADER!r} is no JSON object."
        raise ValueError(message)
    lattice = fields_from(header)["lattice"]
    edges = list(read.edges(data=True))
    try:
        ends = np.array([[lattice.node_named(node) for node in edge[:2]] for edge in edges], np.int64)
    except GraphError as problem:
        raise ValueError(problem.found) from None
    source, target = ends.reshape(-1, 2).T
    return assembled(
        header,
        source=source,
        target=target,
        kinds=[str(_attribute(edge[2], "kind")) for edge in edges],
        heads=[edge[2].get("head", NO_HEAD) for edge in edges],
        weight=[_number(edge[2], "weight") for edge in edges],
        survival=[_number(edge[2], "survival") for edge in edges],
    )


def _writable(value: Any) -> Any:  # noqa: ANN401 (texts and plain numbers)
    """What XML cannot hold is marked; the header has it as it is."""
    return _NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value


def _attribute(attributes: dict[str, Any], name: str) -> object:
    if name not in attributes:
        message = f"An edge has no {name!r}."
        raise ValueError(message)
    return attributes[name]


def _number(attributes: dict[str, Any], name: str) -> float:
    value = _attribute(attributes, name)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        message = f"The {name!r} of an edge is no number."
        raise ValueError(message)
    try:
        return float(value)
    except OverflowError:  # hundreds of digits
        return math.inf  # which is refused together with others that are not finite
