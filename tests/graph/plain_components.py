"""Links between components in the plainest way: names, dictionaries, and a walk down every way there is."""

from collections import defaultdict
from collections.abc import Iterator

from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.tracing.parts import Part
from tests.graph.plain_search import NamedEdge, named_edges

Link = tuple[str, str]
"""Names of writer and reader."""


def plain_links(graph: FlowGraph) -> dict[Link, float]:
    """Every link with its weight."""
    edges = counted_edges(graph)
    links: dict[Link, float] = {}
    for edge, weight in edges.items():
        if edge[2] != "residual":
            for writer, share in ways_down(edges, edge[0]):
                links[writer, component_of(edge)] = weight * share
    last = graph.lattice.name_of(graph.target_node)
    parts = parts_of(edges, last)
    reading = sum(map(abs, parts.values())) * (-1 if sum(parts.values()) < 0 else 1)
    for writer, share in ways_down(edges, last):
        links[writer, output_of(graph)] = reading * share
    return links


def ways_down(edges: dict[NamedEdge, float], state: str) -> Iterator[tuple[str, float]]:
    """Each component that wrote into a state or one before, with its share; no two ways lead to the same."""
    if state.startswith("embed@"):
        yield state, 1.0
        return
    parts = parts_of(edges, state)
    whole = sum(parts.values())
    for part, weight in parts.items():
        share = weight / sum(map(abs, parts.values())) * (-1 if whole < 0 else 1)
        if part.startswith("residual from "):
            for writer, share_before in ways_down(edges, part.removeprefix("residual from ")):
                yield writer, share * share_before
        elif share != 0:
            yield part, share


def parts_of(edges: dict[NamedEdge, float], state: str) -> dict[str, float]:
    """What enters a state, all keys of a head together."""
    parts: dict[str, float] = defaultdict(float)
    for edge, weight in edges.items():
        if edge[1] == state:
            parts[f"residual from {edge[0]}" if edge[2] == "residual" else component_of(edge)] += weight
    return dict(parts)


def counted_edges(graph: FlowGraph) -> dict[NamedEdge, float]:
    """Edges on a route to the target, by name."""
    rows = zip(named_edges(graph), graph.weight.tolist(), graph.survival.tolist(), strict=True)
    return {edge: weight for edge, weight, survival in rows if survival > 0 and weight != 0}


def component_of(edge: NamedEdge) -> str:
    """The head or MLP that writes an edge."""
    written = Part.named(edge[1])
    if edge[2] == "mlp":
        return f"L{written.layer}.mlp@{written.position}"
    return f"L{written.layer}H{edge[2].removeprefix('attention ')}@{written.position}"


def output_of(graph: FlowGraph) -> str:
    return f"output@{graph.target_position}"
