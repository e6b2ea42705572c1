"""Numbers over curves, edges and prompts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over prompts with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


def bootstrap(values: Sequence[float], seed: int = 0) -> Interval:
    """Mean over prompts; the interval comes from prompts drawn again with replacement."""
    sample = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).choice(sample, (RESAMPLES, len(sample)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return Interval(float(sample.mean()), float(low), float(high))


def area_of_retained(densities: Sequence[float], retained: Sequence[float]) -> float:
    """CPR: the mean of `retained` over the logarithm of density. High when few edges keep much."""
    return _mean_over_log(densities, retained)


def area_of_distance(densities: Sequence[float], retained: Sequence[float]) -> float:
    """CMD: the mean of |1 - retained| over the logarithm of density. Low when graphs behave as the model."""
    return _mean_over_log(densities, [abs(1 - value) for value in retained])


def spearman(a: Float[np.ndarray, " edge"], b: Float[np.ndarray, " edge"]) -> float:
    """Correlation of ranks, equal values sharing theirs; 0 where one of both does not vary."""
    ranks = np.stack([_average_ranks(values) for values in (a, b)])
    if (np.ptp(ranks, axis=1) == 0).any():
        return 0.0
    return float(np.corrcoef(ranks)[0, 1])


def _mean_over_log(densities: Sequence[float], values: Sequence[float]) -> float:
    places = np.log(densities)
    return float(np.trapezoid(values, places) / (places[-1] - places[0]))


def _average_ranks(values: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]
