"""Flow: how much of the target goes through each edge, summed over all paths."""

import numpy as np

from llm_tt.graph.candidates import LayerEdges
from llm_tt.graph.edges import LayerColumns


def flow_through(share: LayerColumns, edges: LayerEdges) -> LayerColumns:
    """Flow of every edge, from the target in the last row, at the last position of `edges`, down.

    The target has flow 1. An edge takes its share of the flow of the node that it enters; a node's flow is
    the sum over the edges that leave it. What reaches the embeddings and what the biases take add up to 1.
    """
    flow = share.copy()
    of_node = np.zeros(edges.n_positions, flow.dtype)
    of_node[-1] = 1
    for column in flow[::-1]:
        layer = edges.parts_of(column)
        into_sum = [layer.attention_residual]
        if layer.mlp_residual is None:
            into_sum += [layer.mlp]
        else:
            np.multiply(layer.mlp, of_node, out=layer.mlp)
            np.multiply(layer.mlp_residual, of_node, out=layer.mlp_residual)
            of_node = layer.mlp + layer.mlp_residual
        for straight in into_sum:
            np.multiply(straight, of_node, out=straight)
        np.multiply(layer.attention, of_node[edges.query], out=layer.attention)
        sent = np.bincount(edges.key, weights=layer.attention.sum(axis=0), minlength=edges.n_positions)
        of_node = np.sum([sent, *into_sum], axis=0, dtype=flow.dtype)
    return flow
