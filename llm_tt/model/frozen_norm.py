"""A norm in two halves: its divisor, and what is left, which is linear and can be applied to parts."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformer_lens.model_bridge import TransformerBridge

USUAL_EPSILON = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNorm:
    """Remove the mean where the norm does, and multiply by the weight; divisor and bias stand beside."""

    weight: Float[Tensor, " d_model"] | None
    """Offsets are in it; None where there is nothing to multiply by."""
    is_centred: bool
    epsilon: float | None = None
    """What is added under the divisor's root; None where there is no norm."""
    bias: Float[Tensor, " d_model"] | None = None

    def divisor(self, states: Float[Tensor, "*position d_model"]) -> Float[Tensor, "*position 1"]:
        """What the norm divides each state by: standard deviation or root mean square; 1 without a norm."""
        if self.epsilon is None:
            return states.new_ones((*states.shape[:-1], 1))
        if self.is_centred:
            states = states - states.mean(-1, keepdim=True)
        return (states.square().mean(-1, keepdim=True) + self.epsilon).sqrt()

    def apply(self, parts: Float[Tensor, "*part d_model"]) -> Float[Tensor, "*part d_model"]:
        """What a part becomes; the divisor is still to be applied."""
        if self.is_centred:
            parts = parts - parts.mean(-1, keepdim=True)
        return parts if self.weight is None else parts * self.weight

    def normed(self, states: Float[Tensor, "*position d_model"]) -> Float[Tensor, "*position d_model"]:
        """What the whole norm makes of states, on its own device."""
        if self.weight is not None:
            states = states.to(self.weight.device)
        normed = self.apply(states) / self.divisor(states)
        return normed if self.bias is None else normed + self.bias

    def fold_into(self, directions: Float[Tensor, "*neuron d_model"]) -> Float[Tensor, "*neuron d_model"]:
        """The directions that read from a state what the given ones read behind the norm."""
        if self.weight is not None:
            directions = directions * self.weight
        # To read a state without its mean is to read it along a direction without its mean.
        return directions - directions.mean(-1, keepdim=True) if self.is_centred else directions


@dataclass(frozen=True, slots=True, eq=False)
class BlockNorms:
    """The norms through which the halves of one block read the stream; without one, nothing changes."""

    attention: FrozenNorm
    mlp: FrozenNorm
    is_shared: bool
    """One norm serves both: in most parallel blocks."""


def block_norms(bridge: TransformerBridge, layer: int, dtype: torch.dtype) -> BlockNorms:
    """The norms of one block; where the MLP has none of its own, attention's serves both."""
    block = bridge.blocks[layer]
    first, second = getattr(block, "ln1", None), getattr(block, "ln2", None)
    attention = frozen_norm(bridge, first, dtype)
    if second is None:
        return BlockNorms(attention, attention, is_shared=attention.epsilon is not None)
    return BlockNorms(attention, frozen_norm(bridge, second, dtype), is_shared=False)


def frozen_norm(bridge: TransformerBridge, norm: nn.Module | None, dtype: torch.dtype) -> FrozenNorm:
    """The linear side of one norm of a model; nothing happens in a model that has none there."""
    component = getattr(norm, "original_component", norm)
    if component is None or isinstance(component, nn.Identity):
        return FrozenNorm(None, is_centred=False)
    weight: Tensor | None = getattr(component, "weight", None)
    if weight is not None:
        weight = weight.detach().to(dtype)
        if bridge.cfg.rmsnorm_uses_offset:
            weight = weight + 1.0
    bias: Tensor | None = getattr(component, "bias", None)
    return FrozenNorm(
        weight,
        is_centred=not bridge.cfg.uses_rms_norm,
        epsilon=_epsilon(component),
        bias=None if bias is None else bias.detach().to(dtype),
    )


def _epsilon(component: nn.Module) -> float:
    """Families have three names for it, and OLMo writes the usual one into its code."""
    for name in ("variance_epsilon", "eps", "epsilon"):
        epsilon = getattr(component, name, None)
        if epsilon is not None:
            return float(epsilon)
    return USUAL_EPSILON
