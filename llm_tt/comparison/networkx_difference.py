"""A difference as networkx has it: the edges that at least one run keeps, with the numbers of both."""

import networkx as nx
import numpy as np

from llm_tt.comparison.difference import Became, GraphDifference
from llm_tt.errors import GraphError
from llm_tt.graph.edges import NO_HEAD, EdgeKind, edge_label
from llm_tt.graph.networkx_export import MOST_EDGES


def to_networkx(difference: GraphDifference) -> nx.MultiDiGraph:
    """Nodes named as in a graph of one run, their positions counted in columns; both positions stand there.

    Edges have `became`, both weights and both survivals; a position that a side does not have is left out.

    Raises:
        GraphError: there are too many edges.
    """
    places = np.flatnonzero(difference.is_drawn)
    if len(places) > MOST_EDGES:
        raise GraphError(
            asked="Turn the difference into a networkx graph.",
            found=f"It has {len(places):,} edges; networkx is slow and large above {MOST_EDGES:,}.",
            remedy="Choose a larger threshold.",
        )
    first, second = difference.first, difference.second
    exported = nx.MultiDiGraph(
        first_prompt=first.prompt.text,
        second_prompt=second.prompt.text,
        target_position=first.target_position,
        threshold=difference.threshold,
    )
    columns = (first.source, first.target, first.kind, first.head, difference.became)
    numbers = (first.weight, second.weight, first.survival, second.survival)
    rows = zip(*(column[places].tolist() for column in (*columns, *numbers)), strict=True)
    for source, target, kind, head, became, *weights in rows:
        names = [_add_node(exported, difference, node) for node in (source, target)]
        exported.add_edge(
            *names,
            key=edge_label(kind, head),
            kind=EdgeKind(kind).label,
            became=Became(became).label,
            **dict(
                zip(
                    ("first_weight", "second_weight", "first_survival", "second_survival"),
                    weights,
                    strict=True,
                )
            ),
            **({} if head == NO_HEAD else {"head": head}),
        )
    return exported


def _add_node(exported: nx.MultiDiGraph, difference: GraphDifference, node: int) -> str:
    place = difference.first.lattice.place_of(node)
    name = str(place)
    if name not in exported:
        positions = difference.alignment.columns[place.position]
        told = dict(zip(("first_position", "second_position"), positions, strict=True))
        exported.add_node(
            name,
            layer=place.layer,
            position=place.position,
            stage=place.stage,
            token=difference.first.prompt.token_strings[place.position],
            **{side: position for side, position in told.items() if position is not None},
        )
    return name
