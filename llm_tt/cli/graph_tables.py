"""A graph in a terminal: its strongest routes and its strongest edges."""

from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table
from rich.text import Text

from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.graph.edges import NO_HEAD, EdgeKind
from llm_tt.render.number_words import percent_text, signed_text
from llm_tt.render.position_axis import position_name
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import weight_text
from llm_tt.tracing.parts import Part

if TYPE_CHECKING:
    from llm_tt.graph.flow_graph import FlowGraph
    from llm_tt.graph.flow_path import FlowPath


def explained_line(graph: "FlowGraph") -> str:
    """What the graph explains, and by which method."""
    said, explained = graph.record.predictions[graph.target_position], graph.record.explained
    where = position_name(graph.target_position, _token(graph, graph.target_position))
    if explained is None:
        prediction = f"{visible_token(said.token)} {percent_text(said.probability)}"
        return f"{METHOD_LABELS[graph.method]}: shares of what reaches {where}; prediction {prediction}"
    token = visible_token(explained.token)
    if explained.contrast is None:
        probability = percent_text(explained.value)
        return f"{METHOD_LABELS[graph.method]}: contributions to {token} {probability} after {where}"
    against = f"{visible_token(explained.contrast)} ({signed_text(explained.value)} logits)"
    return f"{METHOD_LABELS[graph.method]}: contributions to {token} against {against} after {where}"


def routes_table(graph: "FlowGraph", top: int) -> Table:
    """From an input token to the prediction; a step that only carries a state on is left out."""
    unit, end = _unit(graph), graph.target_position
    title = f"Strongest routes to {position_name(end, _token(graph, end))}"
    table = Table("route", "narrowest", *([] if unit else ["of the whole"]), title=Text(title))
    for path in graph.paths(top):
        # Shares multiply to a share; contributions to a target do not multiply to anything.
        share = [] if unit else [percent_text(path.weight, 2)]
        table.add_row(Text(_route(graph, path)), weight_text(path.width, unit).lstrip("+"), *share)
    return table


def edges_table(graph: "FlowGraph", top: int) -> Table:
    """Messages and MLPs; what states carry on is nearly always more, and says less."""
    unit = _unit(graph)
    table = Table("edge", "from", "to", "weight", "survives", title=Text("Strongest messages and MLPs"))
    places = np.flatnonzero(graph.kind != EdgeKind.RESIDUAL)
    strongest = places[np.argsort(-np.abs(graph.weight[places]), kind="stable")[:top]]
    columns = (graph.source, graph.target, graph.kind, graph.head, graph.weight, graph.survival)
    for source, target, kind, head, weight, survival in zip(
        *(column[strongest].tolist() for column in columns), strict=True
    ):
        key, query = (node % graph.lattice.n_positions for node in (source, target))
        table.add_row(
            _edge_name(graph, source, target, kind, head),
            Text(position_name(key, _token(graph, key))),
            Text(position_name(query, _token(graph, query))),
            weight_text(weight, unit),
            weight_text(survival, unit).lstrip("+"),
        )
    return table


def _route(graph: "FlowGraph", path: "FlowPath") -> str:
    start = path.nodes[0]
    steps = [
        _edge_name(graph, source, target, edge.kind, NO_HEAD if edge.head is None else edge.head)
        for source, target, edge in zip(path.nodes[:-1], path.nodes[1:], path.edges, strict=True)
        if edge.kind != EdgeKind.RESIDUAL
    ]
    return " → ".join([position_name(start, _token(graph, start)), *(steps or ["carried on"])])


def _edge_name(graph: "FlowGraph", source: int, target: int, kind: int, head: int) -> str:
    place = graph.lattice.place_of(target)
    if kind == EdgeKind.ATTENTION:
        key = source % graph.lattice.n_positions
        return str(Part("message", place.layer, place.position, key=key, head=head))
    return str(Part("mlp", place.layer, place.position))


def _unit(graph: "FlowGraph") -> str | None:
    """Of signed weights; None where they are shares."""
    if graph.explains is None:
        return None
    is_logprob = graph.explains.contrast_id is None and graph.explains.metric == "logprob"
    return "nats" if is_logprob else "logits"


def _token(graph: "FlowGraph", position: int) -> str:
    return graph.prompt.token_strings[position]
