"""A graph as the attribution-graph JSON that circuit-tracer and Neuronpedia open.

Nodes are the components of `components_graph`. The format was made for features of transcoders, so some
fields hold what its readers need:

node_id       E_token_position; layer_number_position, the number being the head's, or for an MLP that of
              heads; the output is in layer n_layers + 1, which no component has
feature       an integer, never null: circuit-tracer hides nodes that share layer, feature and position
layer         "E", "0" and so on; Neuronpedia opens no graph that has nothing above layer 0, so there a node
              without links says so
clerp         the label; both tools take the output's probability from between "(p=" and ")"
influence     the share of all influence on the output that the node and all above it have

All tokens of the prompt are nodes, linked or not, because circuit-tracer labels only positions with an
embedding. Of a prompt of one token it shows nothing: it hides what occurs at more than two thirds of the
positions; Neuronpedia does not. Texts are free of what JSON cannot hold, whether written with escapes or not.
"""

from typing import Any, Final

import numpy as np
from jaxtyping import Int

from llm_tt.errors import ExportError
from llm_tt.graph.component_influence import cumulative_influence
from llm_tt.graph.components_graph import ComponentKind, ComponentsGraph, components_graph, count_links
from llm_tt.graph.edges import NO_HEAD
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.render.circuit_tracer_metadata import ShownOutput, graph_metadata, shown_output
from llm_tt.render.visible_text import visible_token

MOST_NODES: Final = 8_000
"""A file of 14,000 nodes and 16 million links is known to crash the pages; this is about half."""

MOST_LINKS: Final = 1_000_000
"""About 80 MB of text; Neuronpedia takes files of up to 100."""

_TYPES: Final = {
    ComponentKind.EMBEDDING: "embedding",
    ComponentKind.HEAD: "attention head",
    ComponentKind.MLP: "mlp",
    ComponentKind.OUTPUT: "logit",
}

Node = dict[str, Any]


def circuit_tracer_json(graph: FlowGraph, *, slug: str | None = None) -> dict[str, Any]:
    """The file's content, as plain values.

    Args:
        graph: Cut or whole.
        slug: The graph's name there, and that of its file; by default made of the prompt and the method.

    Raises:
        ExportError: no route is left in the graph, it is too large for these tools, or the slug has
            characters that cannot stand in an address.
    """
    metadata = graph_metadata(graph, slug)
    components = _components_of(graph)
    nodes = _nodes(graph, components)
    ids = [node["node_id"] for node in nodes[: components.n_components]]
    columns = (components.source, components.target, components.link_weight)
    return {
        "metadata": metadata,
        "qParams": {
            "pinnedIds": [],
            "supernodes": [],
            "linkType": "both",
            "clickedId": ids[components.target_component],
            "sg_pos": "",
        },
        "nodes": nodes,
        "links": [
            {"source": ids[source], "target": ids[target], "weight": weight}
            for source, target, weight in zip(*(column.tolist() for column in columns), strict=True)
        ],
    }


def _components_of(graph: FlowGraph) -> ComponentsGraph:
    n_links = count_links(graph)
    if n_links == 0:
        is_cut = graph.n_edges < graph.n_candidates
        raise ExportError(
            asked="Write the graph for circuit-tracer.",
            found=f"It has no route from an input token to the prediction{' any more' if is_cut else ''}.",
            remedy="Cut less of it away." if is_cut else "Explain a token instead: method relp or gradact.",
        )
    if n_links <= MOST_LINKS:
        components = components_graph(graph)
        if components.n_components + graph.lattice.n_positions <= MOST_NODES:
            return components
        found = f"{components.n_components:,} heads, MLPs and tokens; their pages take {MOST_NODES:,}"
    else:
        found = f"{n_links:,} links between heads, MLPs and tokens; their pages take {MOST_LINKS:,}"
    raise ExportError(
        asked="Write the graph for circuit-tracer and Neuronpedia.",
        found=f"It has {found}.",
        remedy=f"Thin it first: graph.prune(density={_density_that_fits(graph):.2g}).",
    )


def _density_that_fits(graph: FlowGraph) -> float:
    """Tried out: how many links are left depends on where the edges are."""
    density = graph.density
    while density * graph.n_candidates > 1:
        # What is printed, in two digits.
        density = float(f"{density / 2:.2g}")
        thin = graph.prune(density=density)
        if count_links(thin) > MOST_LINKS:
            continue
        if components_graph(thin).n_components + graph.lattice.n_positions <= MOST_NODES:
            break
    return density


def _nodes(graph: FlowGraph, components: ComponentsGraph) -> list[Node]:
    """Those of the components in their order, then tokens without links, then what a shallow graph needs."""
    output = shown_output(graph)
    names, influence = components.names(), cumulative_influence(components).tolist()
    places = zip(
        components.kind.tolist(),
        components.layer.tolist(),
        components.head.tolist(),
        components.position.tolist(),
        strict=True,
    )
    nodes = []
    for place, name, cumulative in zip(places, names, influence, strict=True):
        kind, layer, head, position = place
        if kind == ComponentKind.EMBEDDING:
            nodes.append(_embedding(graph, position, cumulative))
        elif kind == ComponentKind.OUTPUT:
            nodes.append(_output(graph, output))
        else:
            number = graph.lattice.n_heads if head == NO_HEAD else head
            nodes.append(_part(layer, number, position, _TYPES[ComponentKind(kind)], name, cumulative))
    linked = components.position[components.kind == ComponentKind.EMBEDDING]
    nodes += [_embedding(graph, position, 1.0) for position in _others(linked, graph.lattice.n_positions)]
    if components.layer[: components.target_component].max() < 1:
        number, position = graph.lattice.n_heads + 1, graph.target_position
        nodes.append(_part(1, number, position, "unknown", "nothing above layer 0", 1.0))
    return nodes


def _others(linked: Int[np.ndarray, " embedding"], n_positions: int) -> list[int]:
    others: list[int] = np.setdiff1d(np.arange(n_positions), linked).tolist()
    return others


def _embedding(graph: FlowGraph, position: int, influence: float) -> Node:
    prompt = graph.prompt
    return _node(
        f"E_{prompt.token_ids[position]}_{position}",
        feature=position,
        layer="E",
        ctx_idx=position,
        feature_type=_TYPES[ComponentKind.EMBEDDING],
        clerp=f'Emb: "{_in_label(prompt.token_strings[position])}"',
        influence=influence,
    )


def _part(  # noqa: PLR0913 (the fields of a node)
    layer: int, number: int, position: int, feature_type: str, name: str, influence: float
) -> Node:
    return _node(
        f"{layer}_{number}_{position}",
        feature=_cantor(layer, number),
        layer=str(layer),
        ctx_idx=position,
        feature_type=feature_type,
        clerp=name,
        influence=influence,
    )


def _output(graph: FlowGraph, output: ShownOutput) -> Node:
    layer, position = graph.lattice.n_layers + 1, graph.target_position
    node = _node(
        f"{layer}_{output.token_id}_{position}",
        feature=output.token_id,
        layer=str(layer),
        ctx_idx=position,
        feature_type=_TYPES[ComponentKind.OUTPUT],
        clerp=f'Output "{_in_label(output.text)}" (p={output.probability:.3f})',
        influence=None,
    )
    return node | {"token_prob": output.probability, "is_target_logit": True}


def _node(node_id: str, **fields: str | int | float | None) -> Node:
    """Versions of the pages differ in which of the two ids they go by, so both are the same."""
    usual = {"token_prob": 0.0, "is_target_logit": False, "run_idx": 0, "reverse_ctx_idx": 0}
    return {"node_id": node_id, "jsNodeId": node_id, **fields, **usual}


def _cantor(layer: int, number: int) -> int:
    """One number for two: what both tools make of a layer and a feature's number."""
    return (layer + number) * (layer + number + 1) // 2 + number


def _in_label(token: str) -> str:
    """A token in a label that is cut up at quotes and at "(p="; line breaks and the like are made visible."""
    visible = "".join(character if character == " " else visible_token(character) for character in token)
    return (visible or visible_token("")).replace('"', "”").replace("(p=", "（p=")
