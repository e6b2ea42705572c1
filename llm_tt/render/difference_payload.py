"""Two runs over common columns as bytes for the browser: their difference, or both side by side.

A difference is one graph with two weights an edge, in the format of `flow_payload`, over columns.
In one unit both are cut at one threshold; otherwise equally many edges are compared, as of two methods.

Side by side:  "LTP1"  length of the header (uint32)  header in JSON  the first graph  the second graph
where the header says how long each graph is, and which positions share the columns.
"""

import json
from collections.abc import Sequence
from typing import Final

from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.attribution.run_record import Prediction
from llm_tt.comparison.alignment import Side
from llm_tt.comparison.compared import Comparison
from llm_tt.comparison.difference import NOTICEABLE_CHANGE
from llm_tt.comparison.paired_graphs import PairedGraphs
from llm_tt.render.flow_budget import MAX_EDGES, SentEdges, longest_surviving
from llm_tt.render.flow_payload import FlowCaption, graph_payload, packed_graph, visible_tokens
from llm_tt.render.sides import label_of_side, label_of_sides, names_of_sides
from llm_tt.render.visible_text import visible_token

_MAGIC: Final = b"LTP1"


def difference_payload(
    both: Comparison, pair: PairedGraphs, name: str, *, max_edges: int = MAX_EDGES
) -> bytes:
    """The difference of two runs as one graph; `name` tells apart what was computed."""
    names = names_of_sides(both.first, both.second)
    sent = longest_surviving(pair.first, pair.second, max_edges, one_floor=pair.is_one_unit)
    label = names[0] if pair.is_one_unit else None
    caption = FlowCaption(name, name, label_of_sides(both.first, both.second), label)
    tokens = both.alignment.labels(*(visible_tokens(run.trace.prompt) for run in (both.first, both.second)))
    header = {
        "tokens": tokens,
        "predictions": _by_column(both, 0),
        "other": _second(both, pair, sent, names[1]),
        "cut": None,
    }
    return packed_graph(sent, pair.first.target_position, caption, header)


def sides_payload(
    both: Comparison, name: str, own_names: tuple[str, str], *, max_edges: int = MAX_EDGES
) -> bytes:
    """Both graphs, each as it is alone; `own_names` tell apart what was computed of each."""
    names = names_of_sides(both.first, both.second)
    captions = [
        FlowCaption(own, own, label_of_side(run), side)
        for run, own, side in zip((both.first, both.second), own_names, names, strict=True)
    ]
    graphs = [
        graph_payload(run.graph, caption, max_edges=max_edges)
        for run, caption in zip((both.first, both.second), captions, strict=True)
    ]
    header = {
        "name": name,
        "columns": both.alignment.columns,
        "lengths": [len(graph) for graph in graphs],
        "names": names,
        "oneUnit": both.pair is not None and both.pair.is_one_unit,
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([_MAGIC, len(text).to_bytes(4, "little"), text, *graphs])


def _second(both: Comparison, pair: PairedGraphs, sent: SentEdges, name: str) -> dict[str, object]:
    method = pair.second.method
    run = {
        "noticeable": NOTICEABLE_CHANGE,
        "hidden": sent.other_hidden,
        "predictions": _by_column(both, 1),
    }
    return {
        "method": method,
        "label": name if pair.is_one_unit else METHOD_LABELS[method],
        "signed": pair.second.explains is not None,
        "floor": sent.other_floor,
        "run": run if pair.is_one_unit else None,
    }


def _by_column(both: Comparison, side: Side) -> list[dict[str, object] | None]:
    """What a side says after each column; None where it has no position there."""
    run = (both.first, both.second)[side]
    said: Sequence[Prediction] = run.graph.record.predictions
    places = [column[side] for column in both.alignment.columns]
    return [
        None
        if place is None
        else {"token": visible_token(said[place].token), "probability": said[place].probability}
        for place in places
    ]
