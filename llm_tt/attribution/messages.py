"""Attention as messages: what every head brings from every key, without ever building them all."""

from dataclasses import dataclass
from typing import Final

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.language_model import LayerWeights
from llm_tt.tracing.trace import ForwardTrace

EVERY: Final = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class LayerMessages:
    """The messages of one layer: head `h` sends `coefficient[h, q, k] * vectors[h, k]` from `k` to `q`."""

    vectors: Float[Tensor, "head key d_model"]
    coefficient: Float[Tensor, "head query key"]
    bias: Float[Tensor, "pos d_model"]
    """What attention adds that no head sent, baselines of an intervention included."""
    values: Float[Tensor, "key head d_head"]
    head_out: Float[Tensor, "head d_head d_model"]
    """`vectors` are their product."""

    def product_with(self, states: Float[Tensor, "query d_model"]) -> Float[Tensor, "head query key"]:
        """Inner product of every vector with every state: by way of the heads' width, a tenth of the work."""
        asked = einsum(states, self.head_out, "query d_model, head d_head d_model -> head query d_head")
        return torch.matmul(asked, rearrange(self.values, "key head d_head -> head d_head key"))


def layer_messages(trace: ForwardTrace, layer: int, weights: LayerWeights) -> LayerMessages:
    """One layer's messages: summed over heads and keys, plus the bias, they are what attention adds."""
    values = trace.layer_values(layer)
    return LayerMessages(
        vectors=einsum(values, weights.head_out, "key head d_head, head d_head d_model -> head key d_model"),
        coefficient=scaled_pattern(trace, layer),
        bias=attention_bias(trace, layer, weights),
        values=values,
        head_out=weights.head_out,
    )


def scaled_pattern(
    trace: ForwardTrace, layer: int, queries: slice = EVERY
) -> Float[Tensor, "head query key"]:
    """What values are multiplied by: attention, the frozen scale of a norm behind it, and an edit's factor.

    The pattern itself where there is neither; otherwise a copy, so ask for no more queries than are needed.
    """
    scale, pattern = trace.attention_scale[layer, queries], trace.patterns[layer]
    if queries != EVERY:
        pattern = pattern[:, queries]
    if trace.changes is not None and layer in trace.changes.message_factor:
        pattern = pattern * trace.changes.message_factor[layer][:, queries]
    return pattern if bool((scale == 1).all()) else pattern * scale[:, None]


def attention_bias(trace: ForwardTrace, layer: int, weights: LayerWeights) -> Float[Tensor, "pos d_model"]:
    """What attention adds that no head sent."""
    bias = weights.attention_bias * trace.attention_scale[layer][:, None]
    outside = None if trace.changes is None else trace.changes.attention_outside.get(layer)
    return bias if outside is None else bias + outside


def mlp_bias(trace: ForwardTrace, layer: int, weights: LayerWeights) -> Float[Tensor, "pos d_model"]:
    """What is added with the MLP that no neuron sent: its bias, baselines of an intervention, steering."""
    bias = weights.mlp_bias * trace.mlp_scale[layer][:, None]
    outside = None if trace.changes is None else trace.changes.mlp_outside.get(layer)
    return bias if outside is None else bias + outside
