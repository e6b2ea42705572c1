"""Prompts drawn again with replacement: how much would a mean differ, had other prompts been asked?

A draw is a row of weights, so means over all draws and components are one product of matrices.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from jaxtyping import Float

from llm_tt.faithfulness.statistics import Interval

DRAWS: Final = 1_000
SEED: Final = 0
PERCENTILES: Final = (2.5, 97.5)
_AT_ONCE: Final = 5_000_000
"""Weights that are held at once."""


def drawn_weights(
    n_prompts: int, draws: int = DRAWS, seed: int = SEED
) -> Iterator[Float[np.ndarray, "draw prompt"]]:
    """How much each prompt counts in each draw, some draws at a time; a draw's weights add up to one."""
    generator = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // n_prompts)
    for first in range(0, draws, step):
        n = min(step, draws - first)
        # The number of times that each prompt is drawn follows this law.
        yield generator.multinomial(n_prompts, np.full(n_prompts, 1 / n_prompts), size=n) / n_prompts


def means_of_draws(
    values: Float[np.ndarray, "prompt component"], draws: int = DRAWS, seed: int = SEED
) -> Float[np.ndarray, "draw component"]:
    """The mean of each component in each draw."""
    return np.concatenate([weights @ values for weights in drawn_weights(len(values), draws, seed)])


def intervals(values: Float[np.ndarray, "prompt component"], draws: int = DRAWS) -> list[Interval]:
    """Mean and 95 % interval of each component."""
    return intervals_of(values.mean(0), means_of_draws(values, draws))


def intervals_of(
    means: Float[np.ndarray, " component"], drawn: Float[np.ndarray, "draw component"]
) -> list[Interval]:
    """Means with the middle 95 % of what was drawn."""
    low, high = np.percentile(drawn, PERCENTILES, axis=0)
    return [Interval(*numbers) for numbers in zip(means.tolist(), low.tolist(), high.tolist(), strict=True)]


def share_with_interval(n_true: int, n: int) -> Interval:
    """A share of prompts, with Wilson's 95 % interval: drawing again would call 5 of 5 certain."""
    z = 1.959964
    share, weight = n_true / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * np.sqrt(share * (1 - share) / n + weight / (4 * n))
    return Interval(share, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)))
