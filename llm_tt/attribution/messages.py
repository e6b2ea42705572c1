"""Attention as messages: what every head brings from every key, without ever building them all."""

from dataclasses import dataclass

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.language_model import LayerWeights
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class LayerMessages:
    """The messages of one layer: head `h` sends `coefficient[h, q, k] * vectors[h, k]` from `k` to `q`."""

    vectors: Float[Tensor, "head key d_model"]
    coefficient: Float[Tensor, "head query key"]
    bias: Float[Tensor, "pos d_model"]
    """What attention adds that no head sent."""
    values: Float[Tensor, "key head d_head"]
    head_out: Float[Tensor, "head d_head d_model"]
    """`vectors` are their product."""

    def product_with(self, states: Float[Tensor, "query d_model"]) -> Float[Tensor, "head query key"]:
        """Inner product of every vector with every state: by way of the heads' width, a tenth of the work."""
        asked = einsum(states, self.head_out, "query d_model, head d_head d_model -> head query d_head")
        return torch.matmul(asked, rearrange(self.values, "key head d_head -> head d_head key"))


def layer_messages(trace: ForwardTrace, layer: int, weights: LayerWeights) -> LayerMessages:
    """One layer's messages: summed over heads and keys, plus the bias, they are what attention adds."""
    scale, values = trace.attention_scale[layer], trace.layer_values(layer)
    return LayerMessages(
        vectors=einsum(values, weights.head_out, "key head d_head, head d_head d_model -> head key d_model"),
        coefficient=scaled_pattern(trace, layer),
        bias=weights.attention_bias * scale[:, None],
        values=values,
        head_out=weights.head_out,
    )


def scaled_pattern(trace: ForwardTrace, layer: int) -> Float[Tensor, "head query key"]:
    """Attention times the frozen scale of the norm behind it; the pattern itself where there is none."""
    scale, pattern = trace.attention_scale[layer], trace.patterns[layer]
    return pattern if bool((scale == 1).all()) else pattern * scale[:, None]


def mlp_bias(trace: ForwardTrace, layer: int, weights: LayerWeights) -> Float[Tensor, "pos d_model"]:
    """What the MLP adds that no neuron sent."""
    return weights.mlp_bias * trace.mlp_scale[layer][:, None]
