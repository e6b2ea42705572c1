"""Two groups of prompts: which components matter more in the one than in the other."""

from dataclasses import asdict, dataclass

import numpy as np

from llm_tt.faithfulness.statistics import Interval
from llm_tt.summaries.component_values import ComponentValues, MeasuredPart
from llm_tt.summaries.resampling import SEED, intervals_of, means_of_draws


@dataclass(frozen=True, slots=True)
class ComponentDifference:
    """The first group's mean without the second's."""

    component: MeasuredPart
    share: Interval
    contribution: Interval

    @property
    def is_told(self) -> bool:
        """Whether the interval of the shares leaves out zero; by chance one component of twenty does."""
        return self.share.low > 0 or self.share.high < 0

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        told = asdict(self)
        return {**told.pop("component"), **told, "is_told": self.is_told}


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """All components, the largest difference first."""

    method: str
    groups: tuple[str | None, str | None]
    n_prompts: tuple[int, int]
    rows: tuple[ComponentDifference, ...]


def group_difference(one: ComponentValues, other: ComponentValues) -> GroupDifference:
    """Each group's prompts are drawn again for themselves; what a group does not list is 0 there."""
    components = tuple(sorted({*one.components, *other.components}, key=_order))
    shares, contributions = (
        _differences(*(_laid_out(given, getattr(given, name), components) for given in (one, other)))
        for name in ("shares", "contributions")
    )
    rows = [ComponentDifference(*row) for row in zip(components, shares, contributions, strict=True)]
    rows.sort(key=lambda row: -abs(row.share.mean))
    return GroupDifference(
        one.method, (one.group, other.group), (len(one.entries), len(other.entries)), tuple(rows)
    )


def _laid_out(given: ComponentValues, values: np.ndarray, components: tuple[MeasuredPart, ...]) -> np.ndarray:
    """Columns of all components of both groups."""
    column_of = {component: column for column, component in enumerate(given.components)}
    laid_out = np.zeros((len(values), len(components)))
    for place, component in enumerate(components):
        if component in column_of:
            laid_out[:, place] = values[:, column_of[component]]
    return laid_out


def _differences(one: np.ndarray, other: np.ndarray) -> list[Interval]:
    drawn = means_of_draws(one, seed=SEED) - means_of_draws(other, seed=SEED + 1)
    return intervals_of(one.mean(0) - other.mean(0), drawn)


def _order(component: MeasuredPart) -> tuple[int, str, int, int]:
    return component.layer, component.kind, component.head or 0, component.neuron or 0
