"""A norm with its divisor held constant: what is left is linear, so it can be applied to parts."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformer_lens.model_bridge import TransformerBridge


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNorm:
    """Remove the mean where the norm does, and multiply by the weight; no bias, no divisor."""

    weight: Float[Tensor, " d_model"] | None
    """Offsets are in it; None where there is nothing to multiply by."""
    is_centred: bool

    def apply(self, parts: Float[Tensor, "*part d_model"]) -> Float[Tensor, "*part d_model"]:
        """What a part becomes; the divisor is still to be applied."""
        if self.is_centred:
            parts = parts - parts.mean(-1, keepdim=True)
        return parts if self.weight is None else parts * self.weight

    def fold_into(self, directions: Float[Tensor, "*neuron d_model"]) -> Float[Tensor, "*neuron d_model"]:
        """The directions that read from a state what the given ones read behind the norm."""
        if self.weight is not None:
            directions = directions * self.weight
        # To read a state without its mean is to read it along a direction without its mean.
        return directions - directions.mean(-1, keepdim=True) if self.is_centred else directions


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
    return FrozenNorm(weight, is_centred=not bridge.cfg.uses_rms_norm)
