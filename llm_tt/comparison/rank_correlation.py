"""Whether two rows of numbers are in the same order."""

import numpy as np
from jaxtyping import Float


def rank_correlation(first: Float[np.ndarray, " thing"], second: Float[np.ndarray, " thing"]) -> float | None:
    """Spearman's: 1 in the same order, -1 in the opposite one; equal numbers share the middle of their ranks.

    None where there is no order: fewer than two numbers, or all of one row equal.
    """
    if len(first) < 2:
        return None
    ours, theirs = (_centred_ranks(row) for row in (first, second))
    lengths = np.sqrt((ours**2).sum() * (theirs**2).sum())
    return float((ours * theirs).sum() / lengths) if lengths > 0 else None


def _centred_ranks(row: Float[np.ndarray, " thing"]) -> Float[np.ndarray, " thing"]:
    _, place, counts = np.unique(row, return_inverse=True, return_counts=True)
    ranks: Float[np.ndarray, " thing"] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ranks -= ranks.mean()
    return ranks
