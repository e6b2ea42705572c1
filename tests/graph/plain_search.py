"""The graph in the plainest way: loops, dictionaries and networkx: the reference for what is vectorised."""

from collections.abc import Iterator

import networkx as nx

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.graph.edges import edge_label
from llm_tt.graph.flow_graph import FlowGraph

NamedEdge = tuple[str, str, str]
"""Names of both ends, and the label that tells apart the edges between them."""


def plain_edges(shares: EdgeContributions, target_position: int) -> dict[NamedEdge, float]:
    """Every candidate edge with its weight, in the order that columns promise."""
    edges: dict[NamedEdge, float] = {}
    positions = range(target_position + 1)
    for layer, heads in enumerate(shares.attention.tolist()):
        entering = "embed" if layer == 0 else f"L{layer - 1}.post"
        leaving = f"L{layer}.post"
        summed = leaving if shares.has_parallel_blocks else f"L{layer}.mid"
        before_mlp = entering if shares.has_parallel_blocks else summed
        for head, queries in enumerate(heads):
            for query in positions:
                for key in range(query + 1):
                    ends = (f"{entering}@{key}", f"{summed}@{query}")
                    edges[*ends, f"attention {head}"] = queries[query][key]
        for at in positions:
            edges[f"{entering}@{at}", f"{summed}@{at}", "residual"] = shares.attention_residual[
                layer, at
            ].item()
        for at in positions:
            edges[f"{before_mlp}@{at}", f"{leaving}@{at}", "mlp"] = shares.mlp[layer, at].item()
        if shares.mlp_residual is not None:
            for at in positions:
                edges[f"{summed}@{at}", f"{leaving}@{at}", "residual"] = shares.mlp_residual[layer, at].item()
    return edges


def plain_search(edges: dict[NamedEdge, float], target: str, threshold: float) -> set[NamedEdge]:
    """Drop the weak edges, search down from the target, and drop what hangs on no embedding."""
    graph = nx.MultiDiGraph()
    graph.add_node(target)
    graph.add_edges_from(edge for edge, weight in edges.items() if abs(weight) >= threshold and weight != 0)
    below = nx.ancestors(graph, target) | {target}
    embeddings = [node for node in graph if node.startswith("embed@")]
    above = set(embeddings).union(*(nx.descendants(graph, node) for node in embeddings))
    return {
        (source, end, label)
        for source, end, label in graph.edges(keys=True)
        if end in below and source in above
    }


def plain_paths(edges: dict[NamedEdge, float], node: str) -> Iterator[tuple[NamedEdge, ...]]:
    """All paths, of edges that are not 0, from an embedding up to a node."""
    if node.startswith("embed@"):
        yield ()
        return
    for edge, weight in edges.items():
        if edge[1] == node and weight != 0:
            for path in plain_paths(edges, edge[0]):
                yield (*path, edge)


def named_edges(graph: FlowGraph) -> list[NamedEdge]:
    """The edges of a graph, in the order of its columns."""
    name = graph.lattice.name_of
    columns = zip(graph.source, graph.target, graph.kind, graph.head, strict=True)
    return [
        (name(int(source)), name(int(target)), edge_label(int(kind), int(head)))
        for source, target, kind, head in columns
    ]


def named_column(graph: FlowGraph, column: str) -> dict[NamedEdge, float]:
    """One column of a graph, by the names of its edges."""
    return dict(zip(named_edges(graph), getattr(graph, column).tolist(), strict=True))


def target_name(graph: FlowGraph) -> str:
    """Name of the node where all routes end."""
    return graph.lattice.name_of(graph.target_node)
