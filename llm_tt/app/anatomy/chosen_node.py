"""The node that is chosen on the picture of layers; where it shows a part of the pass, so is that part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind
from llm_tt.app.anatomy.chosen_layers import are_layers_chosen, choose_layer
from llm_tt.app.chosen import choose_part, chosen_part, select_everywhere
from llm_tt.app.link import note, read_once
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
    part = name if node is None else None if node.part is None else str(node.part)
    choose_part(part)  # what is no name of a part is passed over when it is read
    st.session_state[_NODE], st.session_state[_SEEN] = None if node is None else node.name, part


def choose_beside(graph: AnatomyGraph, part: Part | None) -> None:
    """From the card: the picture follows, to another layer if need be."""
    select_everywhere(part)
    st.session_state[_NODE], st.session_state[_SEEN] = None, None if part is None else str(part)
    if part is not None and not _is_drawn(part, graph.layers, graph.position):
        choose_layer(max(part.layer, 0))


def follow_choice(part: Part | None, layers: Sequence[int], position: int) -> None:
    """Draw the layer of a part that was chosen on another page, or by a link that names no layers.

    What is chosen here is no reason to draw other layers: `choose_beside` decides.
    """
    name = None if part is None else str(part)
    is_told = st.session_state.get(_SEEN, name if are_layers_chosen() else None) == name
    st.session_state[_SEEN] = name
    if part is not None and not is_told and not _is_drawn(part, layers, position):
        choose_layer(max(part.layer, 0))


def _is_drawn(part: Part, layers: Sequence[int], position: int) -> bool:
    """Whether it is in one of some layers, or the state that enters the first at this position."""
    return part.layer in layers or part == AnatomyNode(NodeKind.INPUT, layers[0], position).part


def node_of(graph: AnatomyGraph, part: Part) -> AnatomyNode | None:
    """Where a part is drawn."""
    return next(
        (node for node in graph.nodes.what if node.part == part and node.kind not in _READ_BEFORE), None
    )


def _node_named(graph: AnatomyGraph, name: object) -> AnatomyNode | None:
    return next((node for node in graph.nodes.what if node.name == name), None)
