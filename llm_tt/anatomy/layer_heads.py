"""What all heads of one layer bring to one position, in every grain: messages, heads, output neurons."""

from dataclasses import dataclass

import torch
from einops import einsum, rearrange
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.anatomy.measures import Measure
from llm_tt.attribution.messages import scaled_pattern
from llm_tt.model.language_model import LayerWeights
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class LayerHeads:
    """A message is `coefficient * value @ head_out`, a head the sum of its messages, or of its outputs."""

    paid: Float[Tensor, "head key"]
    """Attention."""
    coefficient: Float[Tensor, "head key"]
    """Attention times what a norm behind it or an edit makes of it."""
    values: Float[Tensor, "head key d_head"]
    head_out: Float[Tensor, "head d_head d_model"]
    mixed: Float[Tensor, "head d_head"]
    """What each head multiplies its output matrix with: the activations of its output neurons."""
    written: Float[Tensor, "head d_model"]
    """What each head writes."""

    @classmethod
    def of(cls, weights: LayerWeights, trace: ForwardTrace, layer: int, position: int) -> "LayerHeads":
        """Those of one layer of a pass, at one position; `weights` are that layer's."""
        upto, here = slice(position + 1), slice(position, position + 1)
        values = rearrange(trace.layer_values(layer)[upto], "key head d_head -> head key d_head")
        coefficient = scaled_pattern(trace, layer, here)[:, 0, upto]
        head_out = weights.head_out.to(values.device)
        mixed = einsum(coefficient, values, "head key, head key d_head -> head d_head")
        return cls(
            paid=trace.patterns[layer][:, position, upto],
            coefficient=coefficient,
            values=values,
            head_out=head_out,
            mixed=mixed,
            written=einsum(mixed, head_out, "head d_head, head d_head d_model -> head d_model"),
        )

    def messages(
        self, heads: Int[Tensor, " some"], keys: Int[Tensor, " some"]
    ) -> Float[Tensor, "some d_model"]:
        """What some heads bring from some positions."""
        brought = self.values[heads, keys] * self.coefficient[heads, keys][:, None]
        return einsum(brought, self.head_out[heads], "some d_head, some d_head d_model -> some d_model")

    def message_sizes(
        self, measure: Measure, direction: Float[Tensor, " d_model"]
    ) -> Float[Tensor, "head key"]:
        """By what messages are chosen; none of them is built."""
        if measure == "attention":
            return self.paid
        if measure == "contribution":
            asked = einsum(self.head_out, direction, "head d_head d_model, d_model -> head d_head")
            sizes = einsum(asked, self.values, "head d_head, head key d_head -> head key")
        else:
            square = einsum(self.head_out, self.head_out, "head a d_model, head b d_model -> head a b")
            sizes = einsum(self.values, square, self.values, "head key a, head a b, head key b -> head key")
            sizes = sizes.clamp(min=0).sqrt()  # rounding may leave less than nothing
        return (sizes * self.coefficient).abs()

    def output_sizes(
        self, measure: Measure, direction: Float[Tensor, " d_model"]
    ) -> Float[Tensor, "head d_head"]:
        """By what output neurons are chosen."""
        if measure == "contribution":
            sizes = einsum(self.head_out, direction, "head d_head d_model, d_model -> head d_head")
        else:
            sizes = torch.linalg.vector_norm(self.head_out, dim=-1)
        return (sizes * self.mixed).abs()
