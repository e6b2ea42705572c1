"""How much the picture depends on which prompts were asked: halves of them, compared with each other.

Draws from the same prompts share most of them and so agree even on noise. Two halves share none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float

from llm_tt.faithfulness.statistics import Interval, spearman
from llm_tt.summaries.component_values import ComponentValues
from llm_tt.summaries.resampling import PERCENTILES, SEED

SPLITS: Final = 200
FEWEST_PROMPTS: Final = 4
"""Fewer cannot be halved in a way that says anything."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Over many ways of halving the prompts: the mean, and between which values 95 % of them lie."""

    correlation: Interval
    """Spearman's, between the orders of components by mean share in the two halves."""
    top: int
    """How many of the strongest are looked at: 10, or half of all where there are fewer than 20."""
    same_top: Interval
    """How many of them are the same in both halves."""


def stability(values: ComponentValues) -> Stability | None:
    """None where there are too few prompts, or nothing to put in order."""
    n_prompts, n_components = values.shares.shape
    top = min(10, n_components // 2)
    if n_prompts < FEWEST_PROMPTS or top == 0:
        return None
    first, second = _means_of_halves(values.shares)
    pairs = list(zip(first, second, strict=True))
    correlations = [_agreement(one, other) for one, other in pairs]
    same = [len(np.intersect1d(_strongest(one, top), _strongest(other, top))) for one, other in pairs]
    return Stability(_spread(correlations), top, _spread(same))


def _means_of_halves(shares: Float[np.ndarray, "prompt component"]) -> tuple[np.ndarray, np.ndarray]:
    """Means in both halves of each split; of an odd number of prompts, one is left out each time."""
    generator = np.random.default_rng(SEED)
    half = len(shares) // 2
    order = generator.permuted(np.tile(np.arange(len(shares)), (SPLITS, 1)), axis=1)
    is_first, is_second = np.zeros((2, SPLITS, len(shares)))
    np.put_along_axis(is_first, order[:, :half], 1 / half, axis=1)
    np.put_along_axis(is_second, order[:, half : 2 * half], 1 / half, axis=1)
    return is_first @ shares, is_second @ shares


def _agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Equal up to rounding is the same order, also where nothing varies."""
    return 1.0 if np.allclose(one, other, rtol=1e-9, atol=0) else spearman(one, other)


def _strongest(means: np.ndarray, top: int) -> np.ndarray:
    strongest: np.ndarray = np.argsort(-means, kind="stable")[:top]
    return strongest


def _spread(found: list[float] | list[int]) -> Interval:
    low, high = np.percentile(found, PERCENTILES)
    return Interval(float(np.mean(found)), float(low), float(high))
