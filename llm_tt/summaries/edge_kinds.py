"""How often each kind of message, a head and what its key is to its query, is in graphs of many prompts."""

from dataclasses import asdict, dataclass
from typing import Final

from llm_tt.batch.relations import RELATIONS
from llm_tt.faithfulness.statistics import Interval
from llm_tt.summaries.resampling import share_with_interval
from llm_tt.summaries.runs import Columns, Runs

_WHICH: Final = 'method = $method AND ($group IS NULL OR "group" = $group)'
_EDGES: Final = f"""
    SELECT layer, head, relation, count(DISTINCT entry) AS n_graphs, count(*) AS n_edges,
           sum(contribution) AS contribution
    FROM {{rows}} WHERE kind = 'edge' AND {_WHICH}
    GROUP BY layer, head, relation ORDER BY n_graphs DESC, n_edges DESC, layer, head, relation
"""
_POSSIBLE: Final = f"""
    SELECT count(DISTINCT entry) AS n_prompts, {{columns}} FROM {{{{rows}}}} WHERE kind = 'head' AND {_WHICH}
"""


@dataclass(frozen=True, slots=True)
class EdgesOfHead:
    """The messages of one head between tokens of one relation; each message has one, the most telling."""

    head: str
    layer: int
    relation: str
    """One of RELATIONS, or "other"."""
    n_possible: int
    """Prompts that have such a pair of tokens."""
    in_graphs: Interval
    """In how many of their graphs at least one such message is."""
    edges_per_graph: float
    """Mean over the graphs that have one."""
    contribution: float
    """Of all of them in a graph together, mean over the graphs that have one."""

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def edge_kinds(runs: Runs, method: str | None = None, group: str | None = None) -> tuple[EdgesOfHead, ...]:
    """The most frequent first; of equally frequent ones those that bring most.

    Raises:
        RunsError: no such method or group, or a file is damaged.
    """
    method = runs.method_named(method)
    runs.check_group(group)
    which = {"method": method, "group": group}
    counted = ", ".join(
        f"count(DISTINCT entry) FILTER (isfinite(attends_{relation})) AS {relation}_pairs"
        for relation in RELATIONS
    )
    possible = runs.ask(_POSSIBLE.format(columns=counted), **which)
    edges = runs.ask(_EDGES, **which)
    found = [
        EdgesOfHead(
            head=f"L{int(layer)}H{int(head)}",
            layer=int(layer),
            relation=str(relation),
            n_possible=max(_possible(possible, str(relation)), int(n_graphs)),
            in_graphs=share_with_interval(
                int(n_graphs), max(_possible(possible, str(relation)), int(n_graphs))
            ),
            edges_per_graph=float(n_edges) / int(n_graphs),
            contribution=float(contribution) / int(n_graphs),
        )
        for layer, head, relation, n_graphs, n_edges, contribution in zip(*edges.values(), strict=True)
    ]
    return tuple(sorted(found, key=lambda kind: (-kind.in_graphs.mean, -abs(kind.contribution))))


def _possible(counted: Columns, relation: str) -> int:
    """The first two queries of a prompt are not asked what they attend to, but have messages all the same."""
    name = f"{relation}_pairs" if relation in RELATIONS else "n_prompts"
    return int(counted[name][0])
