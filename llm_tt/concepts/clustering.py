"""Directions grouped by where they point: scikit-learn's mini-batch k-means, in steps that can be stopped."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float, Int
from sklearn.cluster import MiniBatchKMeans

from llm_tt.tracing.progress import Progress, within

ROUNDS: Final = 6
"""How often every direction is seen while centres move."""
BATCH: Final = 4096
"""Directions of one step, and of a block of products."""
LAST_ROUNDS: Final = 2
"""Exact rounds behind: all directions to their nearest centre, each centre to the mean of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which direction belongs to which centre."""

    labels: Int[np.ndarray, " direction"]
    centres: Float[np.ndarray, "cluster d_model"]
    """Of length one; zeros where a cluster has no members, or they cancel out."""
    cohesion: Float[np.ndarray, " cluster"]
    """The mean cosine of the members to their centre, which is also the length of their mean."""

    @property
    def sizes(self) -> Int[np.ndarray, " cluster"]:
        """How many members each cluster has."""
        return np.bincount(self.labels, minlength=len(self.centres))

    @property
    def mean_pair_cosine(self) -> float:
        """Between two different members of one cluster, over all clusters of two and more."""
        sizes = self.sizes
        large = sizes > 1
        if not large.any():
            return 0.0
        n, length = sizes[large], self.cohesion[large].astype(np.float64)
        pairs = (n * length**2 - 1) / (n - 1)  # of n unit vectors, |mean|^2 = (1 + (n - 1) * pairs) / n
        return float(np.average(pairs, weights=n))


def group(
    directions: Float[np.ndarray, "direction d_model"],
    n_clusters: int,
    seed: int,
    progress: Progress,
    rounds: int = ROUNDS,
) -> Grouping:
    """Group directions of length one (or zero); the same seed gives the same groups."""
    batches = _batches(len(directions), n_clusters, seed, rounds)
    first = _first_centres(_block(directions, batches[0]), n_clusters, np.random.default_rng(seed))
    model = MiniBatchKMeans(n_clusters, init=first, random_state=seed, n_init=1)
    for step, ids in enumerate(batches):
        model.partial_fit(_block(directions, ids))
        progress(0.9 * (step + 1) / len(batches))
    centres = _unit(model.cluster_centers_.astype(np.float32))
    telling = within(progress, 0.9, 1.0)
    for last in range(LAST_ROUNDS):
        labels = _nearest(directions, centres)
        means = _means(directions, labels, n_clusters)
        centres = _unit(means)
        telling((last + 1) / LAST_ROUNDS)
    return Grouping(labels, centres, np.linalg.norm(means, axis=1))


def random_directions_like(
    directions: Float[np.ndarray, "direction d_model"], seed: int
) -> Float[np.ndarray, "direction d_model"]:
    """As many directions without any groups: every coordinate drawn alone, with its own mean and spread."""
    n, width = directions.shape
    total, squares = np.zeros(width), np.zeros(width)
    for ids in _blocks(n):
        block = _block(directions, ids)
        total += block.sum(0, dtype=np.float64)
        squares += np.square(block).sum(0, dtype=np.float64)
    mean = total / n
    spread = np.sqrt(np.maximum(squares / n - mean**2, 0))
    rng = np.random.default_rng(seed)
    drawn = np.empty((n, width), np.float16)
    for ids in _blocks(n):
        numbers = rng.standard_normal((len(ids), width), dtype=np.float32)
        drawn[ids] = _unit(numbers * spread.astype(np.float32) + mean.astype(np.float32))
    return drawn


def chance_of_size(pair_cosine: float, sizes: Int[np.ndarray, " cluster"]) -> Float[np.ndarray, " cluster"]:
    """The cohesion of clusters of these sizes whose members have this cosine in pairs."""
    n = np.maximum(sizes, 1)
    chance: np.ndarray = np.sqrt(np.clip((1 + (n - 1) * pair_cosine) / n, 0, 1))
    return chance


def cosines_to(
    directions: Float[np.ndarray, "direction d_model"],
    ids: Int[np.ndarray, " member"],
    centre: Float[np.ndarray, " d_model"],
) -> Float[np.ndarray, " member"]:
    """Of some directions with a centre."""
    cosines: np.ndarray = _block(directions, ids) @ centre
    return cosines


def _first_centres(block: np.ndarray, n_clusters: int, rng: np.random.Generator) -> np.ndarray:
    """k-means++: each next centre is drawn by its distance from those before.

    scikit-learn's own takes half a minute for a thousand centres: it upcasts, and tries several each time.
    """
    chosen = [int(rng.integers(len(block)))]
    away = np.full(len(block), np.inf, np.float32)
    while len(chosen) < n_clusters:
        away = np.minimum(away, np.maximum(1 - block @ block[chosen[-1]], 0))
        away[chosen[-1]] = 0
        reached = np.cumsum(away, dtype=np.float64)
        if reached[-1] > 0:
            drawn = int(np.searchsorted(reached, rng.random() * reached[-1], side="right"))
            chosen.append(min(drawn, len(block) - 1))
        else:  # all others are copies of those
            chosen.append(int(rng.integers(len(block))))
    centres: np.ndarray = block[chosen]
    return centres


def _batches(n: int, n_clusters: int, seed: int, rounds: int) -> list[Int[np.ndarray, " member"]]:
    """Every direction once a round, in another order each time; every batch could hold all centres."""
    rng = np.random.default_rng(seed)
    parts = max(1, n // max(BATCH, 3 * n_clusters))
    # Sorted, because directions may lie in a file.
    return [np.sort(part) for _ in range(rounds) for part in np.array_split(rng.permutation(n), parts)]


def _blocks(n: int) -> Iterator[Int[np.ndarray, " member"]]:
    for start in range(0, n, BATCH):
        yield np.arange(start, min(start + BATCH, n))


def _block(directions: np.ndarray, ids: np.ndarray) -> np.ndarray:
    block: np.ndarray = np.nan_to_num(directions[ids].astype(np.float32), posinf=0.0, neginf=0.0)
    return block


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-6)
    return unit


def _nearest(directions: np.ndarray, centres: np.ndarray) -> np.ndarray:
    parts = [(_block(directions, ids) @ centres.T).argmax(1) for ids in _blocks(len(directions))]
    return np.concatenate(parts).astype(np.int32)


def _means(directions: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    sums = np.zeros((n_clusters, directions.shape[1]), np.float64)
    for ids in _blocks(len(directions)):
        order = ids[np.argsort(labels[ids], kind="stable")]
        found, starts = np.unique(labels[order], return_index=True)
        sums[found] += np.add.reduceat(_block(directions, order), starts, axis=0)
    sizes = np.maximum(np.bincount(labels, minlength=n_clusters), 1)
    return (sums / sizes[:, None]).astype(np.float32)
