"""What components were worth in each prompt, as matrices: one row a prompt, one column a component."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, Int, Shaped

from llm_tt.batch.schema import Kind
from llm_tt.errors import RunsError
from llm_tt.summaries.runs import Columns, Runs

Listed = Literal["parts", "neurons"]
"""Heads and MLPs together, whose shares add up to one; or neurons, of which prompts list their strongest."""

KINDS: Final[dict[Listed, list[str]]] = {"parts": ["head", "mlp"], "neurons": ["neuron"]}
MOST_NEURONS: Final = 200
"""That are compared: those with the largest shares over all prompts asked about."""

_PROMPTS: Final = """
    SELECT DISTINCT entry FROM {rows}
    WHERE method = $method AND ($group IS NULL OR "group" = $group) ORDER BY entry
"""
_COMPONENTS: Final = """
    SELECT component, any_value(kind) AS kind, any_value(layer) AS layer, any_value(head) AS head,
           any_value(neuron) AS neuron
    FROM {rows}
    WHERE method = $method AND list_contains($kinds, kind) AND ($group IS NULL OR "group" = $group)
    GROUP BY component ORDER BY sum(share) DESC, component LIMIT $most
"""
_CELLS: Final = """
    SELECT entry, component, share, contribution, rank FROM {rows}
    WHERE method = $method AND list_contains($kinds, kind) AND ($group IS NULL OR "group" = $group)
"""


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    """A head, an MLP or a neuron, wherever it writes."""

    name: str
    kind: Kind
    layer: int
    head: int | None = None
    neuron: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ComponentValues:
    """Of one method and group. What a prompt does not list contributed nothing there that counts: 0."""

    method: str
    group: str | None
    entries: Int[np.ndarray, " prompt"]
    components: tuple[MeasuredPart, ...]
    """By layer, heads before MLPs."""
    shares: Float[np.ndarray, "prompt component"]
    contributions: Float[np.ndarray, "prompt component"]
    ranks: Float[np.ndarray, "prompt component"]
    """NaN where a prompt does not list it."""


def component_values(
    runs: Runs, method: str | None = None, group: str | None = None, asked: Listed = "parts"
) -> ComponentValues:
    """Read them.

    Raises:
        RunsError: no such method or group, a file is damaged, or a prompt lists a component twice.
    """
    method = runs.method_named(method)
    runs.check_group(group)
    which = {"method": method, "group": group}
    kinds = KINDS[asked]
    entries = runs.ask(_PROMPTS, **which)["entry"].astype(int)
    if not len(entries):
        raise RunsError(
            asked=f"Sum up the runs in {runs.name}.",
            found=f"No prompt of the group {group!r} was measured by {method}.",
            remedy="Choose another group or method.",
        )
    most = MOST_NEURONS if asked == "neurons" else 10**9
    components = _components(runs.ask(_COMPONENTS, **which, kinds=kinds, most=most))
    cells = runs.ask(_CELLS, **which, kinds=kinds)
    return _laid_out(runs, method, group, entries, components, cells)


def _components(columns: Columns) -> tuple[MeasuredPart, ...]:
    found = [
        MeasuredPart(str(name), kind, int(layer), _number(head), _number(neuron))
        for name, kind, layer, head, neuron in zip(*columns.values(), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.layer, one.kind, one.head or 0, one.neuron or 0)))


def _laid_out(  # noqa: PLR0913 (what was read, and of what)
    runs: Runs,
    method: str,
    group: str | None,
    entries: Int[np.ndarray, " prompt"],
    components: tuple[MeasuredPart, ...],
    cells: Columns,
) -> ComponentValues:
    row = np.searchsorted(entries, cells["entry"].astype(int))
    column, is_listed = _places(cells["component"], [component.name for component in components])
    row, column = row[is_listed], column[is_listed]
    shape = len(entries), len(components)
    if len(np.unique(row * shape[1] + column)) < len(row):
        raise RunsError(
            asked=f"Sum up the runs in {runs.name}.",
            found="A prompt lists a component twice: its rows are there more than once.",
            remedy="Leave each part of a run in the folder once.",
        )
    laid_out = {}
    for name, empty in (("share", 0.0), ("contribution", 0.0), ("rank", np.nan)):
        laid_out[name] = np.full(shape, empty)
        values = cells[name].astype(float)[is_listed]
        laid_out[name][row, column] = np.where(np.isfinite(values), values, empty)
    return ComponentValues(
        method, group, entries, components, laid_out["share"], laid_out["contribution"], laid_out["rank"]
    )


def _places(
    names: Shaped[np.ndarray, " cell"], known: list[str]
) -> tuple[Int[np.ndarray, " cell"], Shaped[np.ndarray, " cell"]]:
    """The column of each name, and whether it has one."""
    distinct, which = np.unique(names.astype(str), return_inverse=True)
    place_of = {name: place for place, name in enumerate(known)}
    places = np.array([place_of.get(name, -1) for name in distinct], dtype=int)[which]
    return places, places >= 0


def _number(value: object) -> int | None:
    number = float(value) if isinstance(value, int | float | np.number) else np.nan
    return None if np.isnan(number) else int(number)
