"""A graph as networkx has it, for everything that networkx can do and every format that it writes."""

import networkx as nx

from llm_tt.errors import GraphError
from llm_tt.graph.edges import NO_HEAD, EdgeKind, edge_label
from llm_tt.graph.flow_graph import FlowGraph

MOST_EDGES = 200_000
"""networkx keeps several dictionaries an edge: this many take about 150 MB."""


def to_networkx(graph: FlowGraph) -> nx.MultiDiGraph:
    """Nodes named `L2.mid@4`, with layer, position, stage and token; edges with all columns.

    Edges between the same nodes are told apart by their key: `attention 3`, `residual` or `mlp`. All values
    are plain, so that GraphML and JSON can hold them; an edge without a head has no attribute `head`.

    Raises:
        GraphError: it has too many edges.
    """
    if graph.n_edges > MOST_EDGES:
        raise GraphError(
            asked="Turn the graph into a networkx graph.",
            found=f"It has {graph.n_edges:,} edges; networkx is slow and large above {MOST_EDGES:,}.",
            remedy=f"Thin it first: graph.prune(density={MOST_EDGES / 2 / graph.n_candidates:.2g}).",
        )
    exported = nx.MultiDiGraph(
        prompt=graph.prompt.text, method=graph.method, target_position=graph.target_position
    )
    names = {}
    for node in graph.nodes().tolist():
        place = graph.lattice.place_of(node)
        names[node] = str(place)
        token = graph.prompt.token_strings[place.position]
        exported.add_node(
            str(place), layer=place.layer, position=place.position, stage=place.stage, token=token
        )
    columns = (graph.source, graph.target, graph.kind, graph.head, graph.layer, graph.weight, graph.survival)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for source, target, kind, head, layer, weight, survival in rows:
        exported.add_edge(
            names[source],
            names[target],
            key=edge_label(kind, head),
            kind=EdgeKind(kind).label,
            layer=layer,
            weight=weight,
            survival=survival,
            **({} if head == NO_HEAD else {"head": head}),
        )
    return exported
