"""The node that is chosen on the picture of layers; where it shows a part of the pass, so is that part."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind
from llm_tt.app.anatomy.chosen_layers import choose_layer
from llm_tt.app.chosen import choose_part, chosen_part, select_everywhere
from llm_tt.app.link import note, read_once
from llm_tt.errors import TargetError
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

_NODE: Final = "node"
_SEEN: Final = "part_seen_on_layers"
_READ_BEFORE: Final = (NodeKind.KEY, NodeKind.NEURON_IN)
"""Nodes that stand for a part only if they were clicked themselves: the part is what is written behind."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen: a node, a part, both, or nothing."""

    name: str | None
    """As the picture calls it."""
    node: AnatomyNode | None
    part: Part | None


def chosen_on(graph: AnatomyGraph, trace: ForwardTrace) -> Chosen:
    """What a person clicked here, or chose elsewhere."""
    read_once(_NODE)
    part = chosen_part(trace, graph.position)
    node = _node_named(graph, st.session_state[_NODE])
    if part is not None and (node is None or node.part != part):
        node = node_of(graph, part)
    elif part is None and node is not None and node.part is not None:
        node = None  # it was chosen as a part, and is not any more
    usual = None if part is None else node_of(graph, part)
    note(_NODE, None if node is None or node == usual else node.name)
    name = node.name if node is not None else None if part is None else str(part)
    return Chosen(name, node, part)


def choose_node(graph: AnatomyGraph, name: object) -> None:
    """What the picture sent: the name of a node, of a residual edge, or None."""
    node = _node_named(graph, name)
    st.session_state[_NODE] = None if node is None else node.name
    if node is not None:
        choose_part(None if node.part is None else str(node.part))
    else:
        choose_part(name if _is_part(name) else None)
    st.session_state[_SEEN] = None if node is None or node.part is None else str(node.part)


def choose_beside(graph: AnatomyGraph, part: Part | None) -> None:
    """From the card: the picture follows, to another layer if need be."""
    st.session_state[_NODE] = None
    select_everywhere(part)
    st.session_state[_SEEN] = None if part is None else str(part)
    if part is not None and part.layer not in graph.layers and node_of(graph, part) is None:
        choose_layer(max(part.layer, 0))


def come_from_elsewhere(part: Part | None, drawn: range) -> int | None:
    """The layer to draw, if a part of another one was chosen on another page, or by a link.

    What is chosen here is no reason to draw other layers: `choose_beside` decides.
    """
    name = None if part is None else str(part)
    is_seen = st.session_state.get(_SEEN) == name
    st.session_state[_SEEN] = name
    if part is None or is_seen or part.layer in drawn or part.layer == drawn[0] - 1:
        return None
    return part.layer


def node_of(graph: AnatomyGraph, part: Part) -> AnatomyNode | None:
    """Where a part is drawn."""
    return next(
        (node for node in graph.nodes.what if node.part == part and node.kind not in _READ_BEFORE), None
    )


def _node_named(graph: AnatomyGraph, name: object) -> AnatomyNode | None:
    return next((node for node in graph.nodes.what if node.name == name), None)


def _is_part(name: object) -> bool:
    try:
        return isinstance(name, str) and Part.named(name) is not None
    except TargetError:
        return False
