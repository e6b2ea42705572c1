"""A graph in a browser against the same graph of the library: edges, weights, cut, prediction."""

import re

import numpy as np

from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.render.flow_budget import MAX_EDGES
from llm_tt.render.visible_text import visible_token
from tests.endurance.asked import Asked
from tests.endurance.library_alone import Edits, LibraryAlone
from tests.endurance.page_reading import Read

CLOSE = 1e-5
"""Of the largest weight; and how far a threshold may be rounded."""


def check_flow(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """What is wrong with the graph of the Flow page."""
    acting = library.acting(asked)
    shown = asked.shown if acting else "base"
    own: Edits = acting if shown == "edited" else ()
    wrong = [*_headline(library, asked, read, own)]
    if wrong:
        return wrong
    second: tuple[str, Edits] | None = None
    if shown == "difference":
        second = asked.method, acting
    elif asked.compared is not None:
        second = asked.compared, own
    has_other = read["other"] is not None
    if has_other != (second is not None):
        return [f"a second graph: {has_other}, asked for {second}"]
    position = library.position(asked)
    methods = [asked.method, *([second[0]] if second else [])]
    whole = read["everyTarget"]
    if whole and any(method != "ifr" for method in methods):
        return ["a graph of one target is said to be of all"]
    at = read["positions"] - 1 if whole else position
    first = library.graph(asked, asked.method, own, at)
    other = None if second is None else library.graph(asked, *second, at)
    wrong += check_columns(read, first, other)
    truth = library.graph(asked, asked.method, own, position)
    wrong += check_cut(read, truth)
    if shown == "difference" and second is not None:
        wrong += check_difference(read, truth, library.graph(asked, *second, position))
    return wrong


def _headline(library: LibraryAlone, asked: Asked, read: Read, edits: Edits) -> list[str]:
    trace = library.trace(asked, edits)
    target, _ = library.target(asked)
    wrong = []
    tokens = [visible_token(token) for token in trace.prompt.token_strings]
    if read["tokens"] != tokens:
        return [f"another prompt: {read['tokens'][:8]}"]
    if read["method"] != asked.method:
        wrong.append(f"method {read['method']}, not {asked.method}")
    if read["position"] != library.position(asked):
        wrong.append(f"position {read['position']}, not {library.position(asked)}")
        return wrong
    ranking = library.ranking(asked, edits, top=1)
    wrong += check_prediction(read["prediction"], ranking.token_strings[0], ranking.probabilities[0])
    if read["targetLabel"] is not None:  # the browser follows flow routes to another target by itself
        model = library.model(asked.model)
        ids = [target.token_id, *([target.contrast_id] if target.contrast_id is not None else [])]
        named = " − ".join(visible_token(token) for token in model.token_strings(ids))
        if not read["targetLabel"].startswith(named):
            wrong.append(f"target {read['targetLabel']!r}, not {named!r}")
    return wrong


def check_prediction(read: Read, token: str, probability: float) -> list[str]:
    """The token on top of the column, and its probability."""
    said = read["probability"]  # none yet in a graph that is only just being exchanged
    if read["token"] != visible_token(token) or said is None or abs(said - probability) > 1e-4:
        return [f"predicts {read}, not {visible_token(token)!r} {probability:.5f}"]
    return []


def check_columns(read: Read, first: FlowGraph, other: FlowGraph | None) -> list[str]:
    """Which edges were sent, and their weights."""
    columns = read["columns"]
    if read["everyTarget"]:
        wanted = first.weight > 0
        if other is not None:
            wanted |= other.weight > 0
        floors: tuple[float, ...] = ()
    else:
        floors = (read["floor"], *([read["other"]["floor"]] if other is not None else []))
        wanted = (first.survival > 0) & (first.survival >= floors[0])
        if other is not None:
            wanted |= (other.survival > 0) & (other.survival >= floors[1])
        alive = int(np.count_nonzero(first.survival > 0))
        if floors[0] > 0 and alive <= MAX_EDGES:
            return [f"edges are left out below {floors[0]}, though there are only {alive}"]
    theirs = _keys(*(columns[name] for name in ("source", "target", "head", "kind")))
    ours = _keys(*(getattr(first, name) for name in ("source", "target", "head", "kind")))
    order = np.argsort(ours)
    place = order[np.clip(np.searchsorted(ours, theirs, sorter=order), 0, len(ours) - 1)]
    if not np.array_equal(ours[place], theirs):
        return ["edges that the library does not have"]
    missing = np.setdiff1d(np.flatnonzero(wanted), place)
    limits = [
        _limit(graph, floor)
        for graph, floor in zip((first, other), floors or (0.0, 0.0), strict=False)
        if graph is not None
    ]
    graphs = [graph for graph in (first, other) if graph is not None]
    strongest = [graph.survival[missing] if floors else np.abs(graph.weight[missing]) for graph in graphs]
    if any(np.any(values > limit) for values, limit in zip(strongest, limits, strict=True)):
        return [f"{len(missing)} of {np.count_nonzero(wanted)} edges are missing"]
    wrong = []
    for name, graph in zip(("weight", "otherWeight"), graphs, strict=False):
        truth = graph.weight[place]
        furthest = float(np.max(np.abs(columns[name] - truth), initial=0.0))
        if furthest > CLOSE * max(1e-6, float(np.max(np.abs(truth), initial=0.0))):
            wrong.append(f"{name} is off by up to {furthest:.3g}")
    return wrong


def check_cut(read: Read, graph: FlowGraph) -> list[str]:
    """How many edges are shown at the threshold."""
    few, many = edges_around(graph, read["threshold"])
    wrong = [] if few <= read["edges"] <= many else [f"{read['edges']} edges are shown, not {few} to {many}"]
    if read["candidates"] != graph.n_candidates:
        wrong.append(f"{read['candidates']} candidates, not {graph.n_candidates}")
    said = re.match(r"([\d,]+) of", read["readout"])
    is_said = said is not None and int(said[1].replace(",", "")) == read["edges"]
    if not is_said and read["counts"] is None:
        wrong.append(f"beside the slider stands {read['readout']!r}, and {read['edges']} are shown")
    return wrong


def check_difference(read: Read, before: FlowGraph, after: FlowGraph) -> list[str]:
    """How many edges came and went."""
    low, high = (counts_at(before, after, read["threshold"] * factor) for factor in (1 + CLOSE, 1 - CLOSE))
    wrong = []
    for name in ("gained", "lost"):
        ends = sorted((low[name], high[name]))
        slack = abs(len(low["kept"]) - len(high["kept"]))  # edges that lie on the threshold itself
        if not ends[0] - slack <= read["counts"][name] <= ends[1] + slack:
            wrong.append(f"{read['counts'][name]} edges {name}, not {ends}")
    return wrong


def counts_at(before: FlowGraph, after: FlowGraph, threshold: float) -> dict:
    """Of the edges that either run keeps, how many only one keeps."""
    kept, kept_then = (
        set(
            _keys(
                *(
                    getattr(graph.prune(threshold=threshold), name)
                    for name in ("source", "target", "head", "kind")
                )
            ).tolist()
        )
        for graph in (before, after)
    )
    return {"gained": len(kept_then - kept), "lost": len(kept - kept_then), "kept": kept | kept_then}


def edges_around(graph: FlowGraph, threshold: float) -> tuple[int, int]:
    """How many edges survive a threshold, give or take rounding."""
    alive = graph.survival[graph.survival > 0]
    return tuple(int(np.count_nonzero(alive >= threshold * factor)) for factor in (1 + CLOSE, 1 - CLOSE))


def _limit(graph: FlowGraph, floor: float) -> float:
    return max(floor * (1 + CLOSE), CLOSE * float(np.max(np.abs(graph.weight), initial=0.0)))


def _keys(source, target, head, kind) -> np.ndarray:
    """One number an edge."""
    source, target, head, kind = (
        np.asarray(column, dtype=np.int64) for column in (source, target, head, kind)
    )
    return ((source << 24 | target) << 8 | (head + 1)) << 2 | kind
