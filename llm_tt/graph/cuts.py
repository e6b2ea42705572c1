"""A cut: how much of a graph to keep, said in one of three ways, and the threshold that it comes to."""

from dataclasses import dataclass

import numpy as np

from llm_tt.errors import GraphError
from llm_tt.graph.edges import NodeColumn, WeightColumn


@dataclass(frozen=True, slots=True)
class Cut:
    """Exactly one of the three.

    Every cut ends in a threshold on survival, and edges with equal survival stay or go together: the edges of
    a path share the survival of its narrowest one, and some without the others would be a path cut through.
    """

    threshold: float | None = None
    """Keep the edges that survive it; 0 or more."""
    density: float | None = None
    """Keep this share of the number of candidate edges, and at least one; above 0, at most 1."""
    mass: float | None = None
    """Keep the fewest edges that carry this share of the |weight| of all that reach the target; as above."""

    def __post_init__(self) -> None:
        given = {
            name: value
            for name in ("threshold", "density", "mass")
            if (value := getattr(self, name)) is not None
        }
        if len(given) != 1:
            raise GraphError(
                asked="Thin the graph.",
                found=f"It was said in {len(given)} ways" + (f": {', '.join(given)}." if given else "."),
                remedy="Give exactly one of threshold, density and mass.",
            )
        ((name, value),) = given.items()
        # Written so that NaN fails too.
        in_range = value >= 0 if name == "threshold" else 0 < value <= 1
        if not in_range:
            is_threshold = name == "threshold"
            raise GraphError(
                asked=f"Thin the graph with {name}={value}.",
                found="A threshold is never negative."
                if is_threshold
                else f"A {name} is a share of the whole.",
                remedy="Choose 0 or more." if is_threshold else "Choose a number above 0, up to 1.",
            )

    def as_threshold(self, survival: WeightColumn, weight: WeightColumn, n_candidates: int) -> float:
        """The threshold that keeps what this cut asks for; 0 where no edge survives at all.

        Mass is counted in the edges at hand, density in candidates.
        """
        if self.threshold is not None:
            return float(self.threshold)
        alive = survival > 0
        if not alive.any():
            return 0.0
        if self.density is not None:
            n_wanted = max(1, round(self.density * n_candidates))
            return _nth_largest(survival[alive], n_wanted)
        assert self.mass is not None  # one of the three is given
        return _where_mass_is_reached(survival[alive], np.abs(weight[alive]), self.mass)


def _nth_largest(values: np.ndarray, n: int) -> float:
    """The smallest where there are fewer."""
    place = max(len(values) - n, 0)
    return float(np.partition(values, place)[place])


def _where_mass_is_reached(survival: np.ndarray, strength: np.ndarray, mass: float) -> float:
    strongest_first = np.argsort(-survival)
    carried = np.cumsum(strength[strongest_first], dtype=np.float64)
    # The whole is the last edge: edges too small to change the sum would be lost.
    last = np.searchsorted(carried, mass * carried[-1]) if mass < 1 else -1
    return float(survival[strongest_first[last]])


def renormalized(weight: WeightColumn, target: NodeColumn) -> WeightColumn:
    """Weights divided so that the sizes of those that enter one node add up to one; signs stay."""
    sums = np.bincount(target, weights=np.abs(weight))[target]
    shares: WeightColumn = np.divide(
        weight, sums, out=np.zeros_like(weight), where=sums > 0, casting="same_kind"
    )
    return shares
