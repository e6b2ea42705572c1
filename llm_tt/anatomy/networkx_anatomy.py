"""An anatomy as networkx has it, for everything that networkx can do and every format that it writes."""

import math

import networkx as nx

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.node_kinds import NONE


def to_networkx(graph: AnatomyGraph) -> nx.DiGraph:
    """Nodes by their names, with what they are and what they weigh; edges with all measures.

    All values are plain, so that GraphML and JSON can hold them; what a node has not is left out.
    """
    exported = nx.DiGraph(prompt=graph.prompt.text, position=graph.position, measure=graph.measure)
    nodes, edges, names = graph.nodes, graph.edges, graph.names
    for place, (name, node) in enumerate(zip(names, nodes.what, strict=True)):
        numbers = {"head": node.head, "key": node.key, "neuron": node.neuron}
        token = {} if node.key == NONE else {"token": graph.prompt.token_strings[node.key]}
        exported.add_node(
            name,
            kind=node.kind.value,
            layer=node.layer,
            count=int(nodes.count[place]),
            **{field: number for field, number in numbers.items() if number != NONE},
            **token,
            **_known(
                contribution=float(nodes.contribution[place]),
                norm=float(nodes.norm[place]),
                coefficient=float(nodes.coefficient[place]),
                entropy=float(nodes.entropy[place]),
                target_rank=int(nodes.rank[place]) or math.nan,
            ),
        )
    columns = (edges.source, edges.target, edges.contribution, edges.norm, edges.attention)
    rows = zip(*(column.tolist() for column in columns), edges.kind, strict=True)
    for source, target, contribution, norm, attention, kind in rows:
        weights = _known(contribution=contribution, norm=norm, attention=attention)
        exported.add_edge(names[source], names[target], kind=kind, **weights)
    return exported


def _known(**numbers: float | int) -> dict[str, float | int]:
    return {name: number for name, number in numbers.items() if not math.isnan(number)}
