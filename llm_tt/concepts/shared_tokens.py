"""What the members of a cluster have in common: tokens on the promoted lists of at least two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.tracing.progress import Progress

MOST_SHARED: Final = 50
"""Tokens that are kept of a cluster."""
READ_AT_ONCE: Final = 1024
"""Neurons."""


@dataclass(frozen=True, slots=True)
class SharedToken:
    """A plain value."""

    token_id: int
    token_string: str
    weight: float
    """Sum over the members that promote it of (strength / spread) / log2(1 + rank)."""
    n_members: int


def shared_tokens(
    index: NeuronIndex, labels: Int[np.ndarray, " direction"], n_clusters: int, progress: Progress
) -> tuple[tuple[SharedToken, ...], ...]:
    """Each cluster's shared tokens, strongest first; equal ones in the order of the vocabulary."""
    ids, weights, strings = _all_promoted(index, len(labels), progress)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels, minlength=n_clusters))
    members = np.split(order, ends[:-1])
    return tuple(_shared(ids[some], weights[some], strings) for some in members)


def _all_promoted(
    index: NeuronIndex, n_neurons: int, progress: Progress
) -> tuple[Int[np.ndarray, "direction top"], Float[np.ndarray, "direction top"], dict[int, str]]:
    """Ids and weights of every neuron's promoted tokens, -1 where a list ends; and how the tokens read."""
    strings: dict[int, str] = {}
    ids: list[np.ndarray] = []
    weights: list[np.ndarray] = []
    for start in range(0, n_neurons, READ_AT_ONCE):
        for reading in index.readings(range(start, min(start + READ_AT_ONCE, n_neurons))):
            tokens = reading.sides["promotes"]
            strengths = np.asarray(tokens.changes, np.float32)
            ranks = np.arange(1, len(strengths) + 1)
            spread = reading.output_spread
            ids.append(np.asarray(tokens.token_ids, np.int32))
            weights.append(strengths / (spread if spread > 0 else np.inf) / np.log2(1 + ranks))
            strings.update(zip(tokens.token_ids, tokens.token_strings, strict=True))
        progress(min(start + READ_AT_ONCE, n_neurons) / n_neurons)
    longest = max(map(len, ids))
    return _padded(ids, longest, -1), _padded(weights, longest, 0), strings


def _padded(rows: list[np.ndarray], length: int, value: int) -> np.ndarray:
    together = np.full((len(rows), length), value, rows[0].dtype)
    for row, numbers in enumerate(rows):
        together[row, : len(numbers)] = numbers
    return together


def _shared(ids: np.ndarray, weights: np.ndarray, strings: Mapping[int, str]) -> tuple[SharedToken, ...]:
    tokens, places = np.unique(ids, return_inverse=True)
    counts = np.bincount(places.ravel(), minlength=len(tokens))
    sums = np.bincount(places.ravel(), weights.ravel(), minlength=len(tokens))
    candidates = np.flatnonzero((counts >= 2) & (tokens >= 0) & (sums > 0))
    best = candidates[np.argsort(-sums[candidates], kind="stable")][:MOST_SHARED]
    return tuple(
        SharedToken(int(tokens[i]), strings[int(tokens[i])], float(sums[i]), int(counts[i])) for i in best
    )
