"""`cluster_neurons`: neurons grouped by what they write, each group named by what its members share.

    clusters = cluster_neurons(index)
    for row in clusters.listed()[:10]:
        print(row.size, row.cohesion, row.chance, row.name)

A group exists because the method makes as many as it is told to. Whether it means something is for a person
to judge: beside its cohesion stands what equally large groups of directions without any meaning have.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, Int

from llm_tt.concepts.cluster_files import Kept, file_of, read_clusters, write_clusters
from llm_tt.concepts.clustering import (
    Grouping,
    chance_of_size,
    cosines_to,
    group,
    random_directions_like,
)
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.concepts.shared_tokens import SharedToken, shared_tokens
from llm_tt.tracing.progress import Progress, silent, within

Order = Literal["cohesion", "size"]
FEWEST, MOST = 8, 1000
NEURONS_IN_EACH: Final = 32
"""Of the default number of clusters, on average."""
TOKENS_OF_A_NAME: Final = 5
_ROUNDS_OF_CHANCE: Final = 2


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One cluster in a list."""

    cluster: int
    size: int
    name: tuple[str, ...]
    cohesion: float
    """The mean cosine of its members to their centre."""
    chance: float
    """The same of an equally large cluster of random directions."""


@dataclass(frozen=True, slots=True)
class ClusterHit:
    """One cluster that shares what was searched."""

    cluster: int
    score: float
    """Sum of the weights of what was found."""
    matches: tuple[SharedToken, ...]
    """The strongest for each word."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """All neurons of a model in groups."""

    index: NeuronIndex
    labels: Int[np.ndarray, " neuron"]
    """Which cluster each neuron is in; row layer * d_mlp + neuron."""
    centres: Float[np.ndarray, "cluster d_model"]
    cohesions: Float[np.ndarray, " cluster"]
    shared: tuple[tuple[SharedToken, ...], ...]
    """Of each cluster, the tokens that at least two members promote, strongest first."""
    chance_cosine: float
    """Between two members of one cluster, if directions without any meaning are clustered in the same way."""
    notice: str = field(default="", kw_only=True)
    """Why they are not kept, or nothing."""

    def __len__(self) -> int:
        return len(self.centres)

    def of(self, layer: int, neuron: int) -> int:
        """The cluster of a neuron."""
        return int(self.labels[layer * self.index.d_mlp + neuron])

    def members(self, cluster: int) -> tuple[tuple[int, int, float], ...]:
        """(layer, neuron, cosine to the centre), the closest first."""
        ids = np.flatnonzero(self.labels == cluster)
        cosines = cosines_to(self.index.directions, ids, self.centres[cluster])
        order = np.argsort(-cosines, kind="stable")
        width = self.index.d_mlp
        return tuple((int(ids[i]) // width, int(ids[i]) % width, float(cosines[i])) for i in order)

    def size(self, cluster: int) -> int:
        """How many neurons it has."""
        return int((self.labels == cluster).sum())

    def name(self, cluster: int) -> tuple[str, ...]:
        """The strongest tokens that its members share; none where they share none."""
        return tuple(token.token_string for token in self.shared[cluster][:TOKENS_OF_A_NAME])

    def cohesion(self, cluster: int) -> float:
        """The mean cosine of its members to their centre."""
        return float(self.cohesions[cluster])

    def chance(self, cluster: int) -> float:
        """The cohesion of an equally large cluster of directions without any meaning."""
        return float(chance_of_size(self.chance_cosine, np.array([self.size(cluster)]))[0])

    def listed(self, order: Order = "cohesion") -> tuple[ClusterRow, ...]:
        """Every cluster with members: the largest first, or those furthest above chance."""
        sizes = np.bincount(self.labels, minlength=len(self))
        chances = chance_of_size(self.chance_cosine, sizes)
        keys = sizes if order == "size" else self.cohesions - chances
        return tuple(
            ClusterRow(int(c), int(sizes[c]), self.name(int(c)), float(self.cohesions[c]), float(chances[c]))
            for c in np.argsort(-keys, kind="stable")
            if sizes[c] > 0
        )

    def search(self, words: str, top: int = 20) -> tuple[ClusterHit, ...]:
        """Clusters whose members share every word, strongest first.

        A word means the tokens that the index finds for it; the words are separated by spaces.
        """
        wanted = [frozenset(self.index.matching_tokens(word).token_ids) for word in _words(words)]
        if not wanted:
            return ()
        found = (_hit(cluster, tokens, wanted) for cluster, tokens in enumerate(self.shared))
        hits = [hit for hit in found if hit is not None]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.cluster))[:top])


def cluster_neurons(
    index: NeuronIndex, n_clusters: int | None = None, *, seed: int = 0, progress: Progress = silent
) -> Clusters:
    """Group all neurons of a model by their output directions; the same seed gives the same groups.

    Kept beside the index and found there again. What `progress` raises ends it, and nothing is kept.
    """
    n_neurons, width = index.directions.shape
    n_clusters = default_number(n_neurons) if n_clusters is None else min(n_clusters, n_neurons)
    if n_clusters < 1:
        message = f"n_clusters must be at least 1; got {n_clusters}"
        raise ValueError(message)
    path = None if index.place is None else file_of(index.place, n_clusters, seed)
    kept = None if path is None else read_clusters(path, n_neurons, width)
    notice = ""
    if kept is None:
        kept = _made(index, n_clusters, seed, progress)
        notice = "" if path is None else write_clusters(path, kept)
    progress(1.0)
    grouping, shared, chance = kept
    return Clusters(
        index, grouping.labels, grouping.centres, grouping.cohesion, shared, chance, notice=notice
    )


def default_number(n_neurons: int) -> int:
    """How many clusters so many neurons get if nobody says."""
    return min(n_neurons, max(FEWEST, min(MOST, n_neurons // NEURONS_IN_EACH)))


def _made(index: NeuronIndex, n_clusters: int, seed: int, progress: Progress) -> Kept:
    grouping = group(index.directions, n_clusters, seed, within(progress, 0.0, 0.6))
    chance = _chance(index, n_clusters, seed, within(progress, 0.6, 0.8))
    shared = shared_tokens(index, grouping.labels, n_clusters, within(progress, 0.8, 0.99))
    return grouping, shared, chance


def _chance(index: NeuronIndex, n_clusters: int, seed: int, progress: Progress) -> float:
    drawn = random_directions_like(index.directions, seed)
    grouping: Grouping = group(drawn, n_clusters, seed, progress, rounds=_ROUNDS_OF_CHANCE)
    return grouping.mean_pair_cosine


def _words(text: str) -> list[str]:
    """At most a few; a pasted page is no search."""
    return text[:1000].split()[:20]


def _hit(cluster: int, tokens: Sequence[SharedToken], wanted: Sequence[frozenset[int]]) -> ClusterHit | None:
    matches = []
    for token_ids in wanted:
        best = next((token for token in tokens if token.token_id in token_ids), None)
        if best is None:
            return None
        matches.append(best)
    return ClusterHit(cluster, sum(match.weight for match in matches), tuple(matches))
