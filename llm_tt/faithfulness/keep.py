"""Which edges a masked run keeps: one mask for every copy of the prompt, made layer by layer when needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from llm_tt.axes import EdgeWeights, PositionWeights


@dataclass(frozen=True, slots=True, eq=False)
class EdgeScores:
    """A score for every edge that a masked run can cut: messages of heads, and MLPs."""

    attention: EdgeWeights
    mlp: PositionWeights


@dataclass(frozen=True, slots=True, eq=False)
class Keep:
    """Masks of some copies; True keeps an edge. Residual edges are always kept."""

    copies: int
    attention: Callable[[int], Bool[Tensor, "copy head query key"]]
    """By layer."""
    mlp: Callable[[int], Bool[Tensor, "copy pos"]]

    def part(self, start: int, stop: int) -> "Keep":
        """Some of the copies."""
        return Keep(
            min(stop, self.copies) - start,
            lambda layer: self.attention(layer)[start:stop],
            lambda layer: self.mlp(layer)[start:stop],
        )


def strongest(scores: EdgeScores, thresholds: Float[Tensor, " copy"], *, cut: bool = False) -> Keep:
    """Keep what scores at least a copy's threshold (and more than 0); with `cut`, keep everything else."""

    def mask(values: Tensor) -> Tensor:
        limits = thresholds.reshape(-1, *[1] * values.ndim)
        kept = (values >= limits) & (values > 0)
        return ~kept if cut else kept

    return Keep(
        len(thresholds), lambda layer: mask(scores.attention[layer]), lambda layer: mask(scores.mlp[layer])
    )


def stacked(parts: Sequence[Keep]) -> Keep:
    """The copies of several, one after the other."""
    return Keep(
        sum(part.copies for part in parts),
        lambda layer: torch.cat([part.attention(layer) for part in parts]),
        lambda layer: torch.cat([part.mlp(layer) for part in parts]),
    )
