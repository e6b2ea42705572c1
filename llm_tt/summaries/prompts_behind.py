"""The prompts behind a number: those in which a component is worth most, or least, or attends most."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from llm_tt.batch.relations import RELATIONS, Relation
from llm_tt.errors import RunsError
from llm_tt.summaries.runs import Runs

Order = Literal["strongest", "weakest", "against"]

ORDERS: Final[dict[Order, str]] = {
    "strongest": "Strongest",
    "weakest": "Weakest",
    "against": "Most against it",
}

# What a prompt does not list comes last or, where the weakest are asked for, first: as 0.
_PROMPTS: Final = """
    WITH asked AS (
        SELECT * FROM {{rows}} WHERE method = $method AND ($group IS NULL OR "group" = $group)
    ), prompts AS (
        SELECT entry, any_value(prompt) AS prompt, any_value("group") AS "group",
               any_value(position) AS position, any_value(target) AS target,
               any_value(contrast) AS contrast, any_value(is_right) AS is_right
        FROM asked GROUP BY entry
    ), parts AS (
        SELECT entry, share, contribution, rank, {attends} AS attention
        FROM asked WHERE component = $component
    )
    SELECT entry, prompt, "group", position, target, contrast, is_right,
           coalesce(share, 0) AS share, coalesce(contribution, 0) AS contribution, rank, attention
    FROM prompts LEFT JOIN parts USING (entry)
    ORDER BY {order}, entry LIMIT $most
"""
_ORDER: Final[dict[Order, str]] = {
    "strongest": "coalesce({value}, 0) DESC",
    "weakest": "coalesce({value}, 0) ASC",
    "against": "coalesce(contribution, 0) ASC",
}


@dataclass(frozen=True, slots=True)
class PromptBehind:
    """One prompt, and what a component was worth in it."""

    entry: int
    prompt: str
    group: str | None
    position: int
    """Where the prediction stands that is explained."""
    target: str | None
    contrast: str | None
    is_right: bool | None
    share: float
    contribution: float
    rank: int | None
    """Among those of its kind; None where the prompt does not list it."""
    attention: float | None
    """To the relation that was asked about."""


def prompts_behind(  # noqa: PLR0913 (a number, and how its prompts are sorted)
    runs: Runs,
    component: str,
    *,
    method: str | None = None,
    group: str | None = None,
    order: Order = "strongest",
    relation: Relation | None = None,
    most: int = 10,
) -> tuple[PromptBehind, ...]:
    """The first prompts in an order: by share or, where a relation is named, by the attention to it.

    Raises:
        RunsError: no such method, group or component, or a file is damaged.
    """
    method = runs.method_named(method)
    runs.check_group(group)
    value = "attention" if relation in RELATIONS else "share"
    question = _PROMPTS.format(
        attends=f"attends_{relation}" if relation in RELATIONS else "NULL",
        order=_ORDER[order].format(value=value),
    )
    rows = runs.ask(question, method=method, group=group, component=component, most=most)
    found = tuple(
        _row(*numbers) for numbers in zip(*(column.tolist() for column in rows.values()), strict=True)
    )
    if found and all(one.rank is None for one in found) and not _is_known(runs, component):
        raise RunsError(
            asked=f"Show the prompts behind {component[:60]!r}.",
            found="No prompt lists a component of that name.",
            remedy="Names look like L2H1, L2.mlp and L2N33.",
        )
    return found


def _is_known(runs: Runs, component: str) -> bool:
    found = runs.ask("SELECT count(*) AS n FROM {rows} WHERE component = $component", component=component)
    return bool(found["n"][0])


def _row(*numbers: object) -> PromptBehind:
    entry, prompt, group, position, target, contrast, is_right, share, contribution, rank, attention = numbers
    return PromptBehind(
        entry=int(_float(entry) or 0),
        prompt=str(prompt),
        group=_text(group),
        position=int(_float(position) or 0),
        target=_text(target),
        contrast=_text(contrast),
        is_right=None if _float(is_right) is None else bool(is_right),
        share=_float(share) or 0.0,
        contribution=_float(contribution) or 0.0,
        rank=None if _float(rank) is None else int(_float(rank) or 0),
        attention=_float(attention),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _float(value: object) -> float | None:
    is_number = isinstance(value, int | float) and np.isfinite(value)
    return float(value) if is_number and isinstance(value, int | float) else None
