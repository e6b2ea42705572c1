"""How far two methods agree on which heads and MLPs matter."""

from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np

from llm_tt.faithfulness.statistics import Interval, bootstrap, spearman
from llm_tt.summaries.component_values import ComponentValues, component_values
from llm_tt.summaries.runs import Runs


@dataclass(frozen=True, slots=True)
class MethodAgreement:
    """Spearman's correlation of shares, 1 where both put all heads and MLPs in the same order."""

    methods: tuple[str, str]
    n_prompts: int
    """That were measured by both."""
    per_prompt: Interval
    """Mean over the prompts, with the interval of prompts drawn again."""
    of_means: float
    """Of the mean shares over all prompts: what is odd about single prompts is averaged out there."""

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def method_agreement(runs: Runs, group: str | None = None) -> tuple[MethodAgreement, ...]:
    """Every pair of the methods that were measured, on the prompts that both have.

    Raises:
        RunsError: no such group, or a file is damaged.
    """
    if len(runs.methods) < 2:
        return ()
    values = [component_values(runs, method, group) for method in runs.methods]
    found = [_agreement(one, other) for one, other in combinations(values, 2)]
    return tuple(agreement for agreement in found if agreement is not None)


def _agreement(one: ComponentValues, other: ComponentValues) -> MethodAgreement | None:
    entries, *rows = np.intersect1d(one.entries, other.entries, return_indices=True)
    both, *columns = np.intersect1d(_names(one), _names(other), return_indices=True)
    if not len(entries) or not len(both):
        return None
    first, second = (
        given.shares[np.ix_(row, column)]
        for given, row, column in zip((one, other), rows, columns, strict=True)
    )
    per_prompt = [spearman(a, b) for a, b in zip(first, second, strict=True)]
    of_means = spearman(first.mean(0), second.mean(0))
    return MethodAgreement((one.method, other.method), len(entries), bootstrap(per_prompt), of_means)


def _names(values: ComponentValues) -> np.ndarray:
    return np.array([part.name for part in values.components])
