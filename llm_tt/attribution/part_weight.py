"""The number that an attribution gives to one part of the pass."""

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.tracing.parts import Part


def weight_of(shares: EdgeContributions, part: Part) -> float | None:
    """A part's share of the sum that it enters, or signed, its contribution to the target.

    None for a state, which is a sum itself, and for a neuron, which `attribute_neurons` weighs.
    """
    layer, position = part.layer, part.position
    match part.kind:
        case "messages":
            return float(shares.attention[layer, :, position, part.key].sum())
        case "message":
            return float(shares.attention[layer, part.head, position, part.key])
        case "head":
            return float(shares.attention[layer, part.head, position].sum())
        case "mlp":
            return float(shares.mlp[layer, position])
        case "residual":
            takes_over = shares.attention_residual if part.stage == "mid" else shares.mlp_residual
            # a parallel block has one sum, and its residual is stored with attention
            return float((shares.attention_residual if takes_over is None else takes_over)[layer, position])
        case _:
            return None
