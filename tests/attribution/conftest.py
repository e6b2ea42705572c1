"""Plain references that the tests of attribution share."""

import torch
from einops import einsum

TEXT = "Some words."


def all_messages(model, trace, layer: int) -> torch.Tensor:
    """[query key head d_model], which the library never builds."""
    weights = model.layer_weights(layer)
    messages = einsum(
        trace.patterns[layer],
        trace.layer_values(layer),
        weights.head_out,
        "head query key, key head d_head, head d_head d_model -> query key head d_model",
    )
    return messages * trace.attention_scale[layer][:, None, None, None]
