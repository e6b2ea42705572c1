"""What heads attend to over many prompts, by what the key is to its query; with chance beside it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from llm_tt.batch.relations import RELATIONS, Relation
from llm_tt.faithfulness.statistics import Interval
from llm_tt.summaries.resampling import intervals
from llm_tt.summaries.runs import Runs

# A prompt has the same patterns under all methods; so one method's rows are read.
_PATTERNS: Final = """
    SELECT entry, component, layer, head, {columns} FROM {{rows}}
    WHERE kind = 'head' AND method = $method AND ($group IS NULL OR "group" = $group)
    ORDER BY entry, layer, head
"""


@dataclass(frozen=True, slots=True)
class HeadAttention:
    """How much of its attention a head gives to one relation, in the prompts that have it."""

    head: str
    relation: Relation
    n_prompts: int
    """That have such a pair of tokens."""
    of_prompts: float
    """Their share of all prompts."""
    attention: Interval
    chance: float
    """What attention to all keys alike would give, in the same prompts."""


def head_attention(
    runs: Runs, method: str | None = None, group: str | None = None
) -> tuple[HeadAttention, ...]:
    """Of every head and every relation that occurs, heads in their order.

    Raises:
        RunsError: no such method or group, or a file is damaged.
    """
    method = runs.method_named(method)
    runs.check_group(group)
    named = [f"{what}_{relation}" for relation in RELATIONS for what in ("attends", "chance")]
    rows = runs.ask(_PATTERNS.format(columns=", ".join(named)), method=method, group=group)
    heads, which = _distinct(rows["component"].astype(str))
    entries, prompt = np.unique(rows["entry"].astype(int), return_inverse=True)
    found: list[HeadAttention] = []
    for relation in RELATIONS:
        attention, chance = (np.full((len(entries), len(heads)), np.nan) for _ in range(2))
        attention[prompt, which] = rows[f"attends_{relation}"].astype(float)
        chance[prompt, which] = rows[f"chance_{relation}"].astype(float)
        is_there = np.isfinite(attention).all(1)
        n_prompts = int(is_there.sum())
        if not n_prompts:
            continue
        by_chance = np.nanmean(chance[is_there], axis=0)
        found += [
            HeadAttention(head, relation, n_prompts, n_prompts / len(entries), interval, float(likely))
            for head, interval, likely in zip(heads, intervals(attention[is_there]), by_chance, strict=True)
        ]
    return tuple(sorted(found, key=lambda row: heads.index(row.head)))


def _distinct(names: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The names in their order of appearance, and the place of each."""
    distinct, first, which = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return [str(name) for name in distinct[order]], place[which]
