"""What the heads of one layer take from the stream: queries, keys and values, before any position."""

from dataclasses import dataclass

import torch
from einops import einsum
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.frozen_norm import FrozenNorm

States = Float[Tensor, "*position d_model"]
HeadVectors = Float[Tensor, "*position head d_head"]

ALL = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class VectorNorm:
    """The norm of queries or of keys, by their root mean square: in Qwen 3, Gemma 3 and OLMo 2."""

    weight: Float[Tensor, "head d_head"]
    """Offsets are in it."""
    epsilon: float
    over_all_heads: bool
    """One divisor for all heads of a layer together (OLMo 2), or one for each."""

    def apply(self, vectors: HeadVectors, heads: slice = ALL) -> HeadVectors:
        """Normed vectors of some heads; where heads share a divisor, all must come in."""
        axes = (-2, -1) if self.over_all_heads else (-1,)
        divisor = (vectors.square().mean(axes, keepdim=True) + self.epsilon).sqrt()
        return vectors / divisor * self.weight[heads]


@dataclass(frozen=True, slots=True, eq=False)
class HeadInputs:
    """The input side of one layer's heads, with the norm in front folded in.

    `state @ query[head] / divisor(state) + query_bias[head]` is the head's query, normed once more where
    the family does that; the same for keys and values. Heads of one group have equal keys and values.
    """

    query: Float[Tensor, "head d_model d_head"]
    key: Float[Tensor, "head d_model d_head"]
    value: Float[Tensor, "head d_model d_head"]
    query_bias: Float[Tensor, "head d_head"]
    """With what the norm's own bias brings; so in all three."""
    key_bias: Float[Tensor, "head d_head"]
    value_bias: Float[Tensor, "head d_head"]
    norm: FrozenNorm
    """In front of attention; its linear half is in the weights."""
    query_norm: VectorNorm | None
    key_norm: VectorNorm | None
    score_scale: float
    """What the inner product of query and key is multiplied by."""
    score_cap: float | None
    """The bound that Gemma 2 bends its scores under; None for everyone else."""
    rotary: bool
    """Queries and keys are turned by their position afterwards: a score holds at distance 0 only."""

    def divisor(self, states: States) -> Float[Tensor, "*position 1"]:
        """What the norm in front divides each state by."""
        return self.norm.divisor(states)

    def queries(self, states: States, heads: slice = ALL) -> HeadVectors:
        """What some heads look for from some states, before any rotation."""
        return _read(self, states, self.query, self.query_bias, self.query_norm, heads)

    def keys(self, states: States, heads: slice = ALL) -> HeadVectors:
        """What some heads are found by in some states, before any rotation."""
        return _read(self, states, self.key, self.key_bias, self.key_norm, heads)

    def values(self, states: States, heads: slice = ALL) -> HeadVectors:
        """What some heads would carry away from some states."""
        return _read(self, states, self.value, self.value_bias, None, heads)

    def bend(self, products: Tensor) -> Tensor:
        """The attention scores of inner products of queries and keys."""
        scores = products * self.score_scale
        return scores if self.score_cap is None else self.score_cap * torch.tanh(scores / self.score_cap)


def _read(  # noqa: PLR0913 (one of three projections, each with its own parts)
    inputs: HeadInputs, states: Tensor, weight: Tensor, bias: Tensor, norm: VectorNorm | None, heads: slice
) -> Tensor:
    states = states.to(weight.device, weight.dtype)
    if norm is not None and norm.over_all_heads:
        read = _project(states, weight) / inputs.divisor(states)[..., None] + bias
        return norm.apply(read)[..., heads, :]
    read = _project(states, weight[heads]) / inputs.divisor(states)[..., None] + bias[heads]
    return read if norm is None else norm.apply(read, heads)


def _project(states: Tensor, weight: Tensor) -> Tensor:
    return einsum(states, weight, "... d_model, head d_model d_head -> ... head d_head")
