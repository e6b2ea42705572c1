"""What parts of the last state add to the logits while the final norm's divisor is held constant."""

from collections.abc import Sequence

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from transformer_lens.model_bridge import TransformerBridge

from llm_tt.axes import Logits
from llm_tt.model.frozen_norm import frozen_norm

NUMBERS_AT_ONCE = 1 << 24
"""Of the unembedding, when it has to be upcast: 64 MiB in single precision."""


def read_part(
    bridge: TransformerBridge,
    parts: Float[Tensor, "*part d_model"],
    final_scale: Float[Tensor, "*part"] | float,
    dtype: torch.dtype,
) -> Logits:
    """Linear in the parts, in `dtype`, on the device of the unembedding; without any factor on the logits."""
    weight: Tensor = bridge.unembed.original_component.weight.detach()
    norm = frozen_norm(bridge, getattr(bridge, "ln_final", None), dtype)
    if isinstance(final_scale, Tensor):
        final_scale = rearrange(final_scale, "... -> ... 1").to(parts.device, dtype)
    scaled = parts.to(dtype) * final_scale
    if norm.weight is not None:
        scaled = scaled.to(norm.weight.device)
    read = norm.apply(scaled).to(weight.device)
    if weight.dtype == dtype:
        return read @ weight.T
    # Half precisions would not add up; upcast whole, the unembedding could be larger than all else.
    rows = max(1, NUMBERS_AT_ONCE // weight.shape[1])
    return torch.cat([read @ block.to(dtype).T for block in torch.split(weight, rows)], dim=-1)


def unembedding(
    bridge: TransformerBridge, token_ids: Sequence[int], dtype: torch.dtype
) -> Float[Tensor, "token d_model"]:
    """What each of some tokens reads from a part, the final norm's weight and mean removal folded in."""
    weight: Tensor = bridge.unembed.original_component.weight.detach()
    if isinstance(token_ids, range) and token_ids.step == 1:
        rows = weight[token_ids.start : token_ids.stop]
    else:
        rows = weight[list(token_ids)]
    norm = frozen_norm(bridge, getattr(bridge, "ln_final", None), dtype)
    rows = rows.to(dtype) if norm.weight is None else rows.to(norm.weight.device, dtype)
    return norm.fold_into(rows)
