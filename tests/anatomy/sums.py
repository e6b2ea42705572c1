"""How far the nodes of an anatomy are from the sums of what enters them."""

import numpy as np

from llm_tt.anatomy.node_kinds import NodeKind

SUMS = (NodeKind.HEAD, NodeKind.ATTENTION, NodeKind.MID, NodeKind.MLP, NodeKind.OUTPUT)
"""Nodes whose vector is the sum of the vectors that enter."""

SOURCES = (NodeKind.INPUT, NodeKind.ATTENTION_BIAS, NodeKind.MLP_BIAS)
STATES = (NodeKind.INPUT, NodeKind.MID, NodeKind.OUTPUT)


def kinds(graph):
    return [node.kind for node in graph.nodes.what]


def sum_error(graph) -> float:
    """The largest relative deviation of a sum of vectors, over all sums."""
    errors = []
    for place, kind in enumerate(kinds(graph)):
        sources = graph.edges.source[graph.edges.target == place]
        if kind not in SUMS or {graph.nodes.what[source].kind for source in sources} & {NodeKind.NORM_MLP}:
            continue  # no sum, or a mixture of experts
        whole = graph.nodes.vectors[place]
        entering = np.sum([graph.nodes.vectors[source] for source in sources], 0)
        errors.append(np.abs(entering - whole).max() / max(np.abs(whole).max(), 1e-30))
    assert len(errors) >= 3 * len(graph.layers)
    return float(max(errors))


def flow_error(graph) -> float:
    """The largest deviation of contributions that enter a node, or leave it, from what passes through it."""
    nodes, edges = graph.nodes, graph.edges
    entering, leaving = np.zeros((2, len(nodes.what)))
    np.add.at(entering, edges.target, edges.contribution)
    np.add.at(leaving, edges.source, edges.contribution)
    size = np.abs(nodes.contribution).max()
    errors = []
    for place, kind in enumerate(kinds(graph)):
        if kind not in SOURCES:
            errors.append(abs(entering[place] - nodes.contribution[place]))
        if kind not in STATES:
            errors.append(abs(leaving[place] - nodes.contribution[place]))
    for source, kind, carried in zip(edges.source, edges.kind, edges.contribution, strict=True):
        if kind == "residual":
            errors.append(abs(carried - nodes.contribution[source]))
    return float(max(errors) / size)
