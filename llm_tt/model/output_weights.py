"""The output side of a block as plain matrices, whatever the family.

What a block adds to the stream is, per position,

    (mixed values @ W_O + b_O) * multiplier          most families (multiplier 1; Granite: 0.22 or so)
    (mixed values @ W_O + b_O) * gamma / rms         Gemma 2 and 3, OLMo 2, GLM-4: a norm behind the block

and the same for the MLP. All but 1 / rms is constant, so it is folded into the matrices here; 1 / rms
depends on the position and lives in the trace. Nothing is copied where there is nothing to fold.
"""

import torch
from torch import Tensor, nn
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.model_bridge.generalized_components import MoEBridge

from llm_tt.model.language_model import LayerWeights


def read(bridge: TransformerBridge, layer: int, dtype: torch.dtype) -> LayerWeights:
    """The folded output weights of one block."""
    block = bridge.blocks[layer]
    attention_factor = _output_factor(bridge, block, "ln1_post")
    mlp_factor = _output_factor(bridge, block, "ln2_post")
    head_out = _fold(block.attn.W_O, attention_factor, dtype)
    neuron_out = getattr(block.mlp, "W_out", None)
    return LayerWeights(
        head_out=head_out,
        attention_bias=_fold_bias(getattr(block.attn, "b_O", None), attention_factor, head_out),
        neuron_out=None if neuron_out is None else _fold(neuron_out, mlp_factor, dtype),
        mlp_bias=_fold_bias(getattr(block.mlp, "b_out", None), mlp_factor, head_out),
    )


def neuron_count(bridge: TransformerBridge) -> int:
    """Neurons of each MLP, or 0 unless every MLP is one sum of equally many neurons."""
    widths = {None if (out := getattr(b.mlp, "W_out", None)) is None else out.shape[0] for b in bridge.blocks}
    return widths.pop() or 0 if len(widths) == 1 else 0


def has_attention(bridge: TransformerBridge) -> bool:
    """Whether every block has attention heads with an output matrix."""
    return all(getattr(getattr(block, "attn", None), "W_O", None) is not None for block in bridge.blocks)


def has_experts(bridge: TransformerBridge) -> bool:
    """Whether some MLP is a mixture of experts."""
    return any(isinstance(block.mlp, MoEBridge) for block in bridge.blocks)


def _output_factor(bridge: TransformerBridge, block: nn.Module, post_norm: str) -> Tensor | float:
    """What every output of the block is multiplied by, apart from the post-norm's 1 / rms."""
    factor: Tensor | float = getattr(bridge.cfg, "residual_multiplier", None) or 1.0
    norm = getattr(block, post_norm, None)
    if norm is not None:
        gamma: Tensor = norm.original_component.weight.detach()
        factor = factor * (gamma.float() + 1.0 if bridge.cfg.rmsnorm_uses_offset else gamma)
    return factor


def _fold(weight: Tensor, factor: Tensor | float, dtype: torch.dtype) -> Tensor:
    weight = weight.detach().to(dtype)
    if isinstance(factor, Tensor):
        return weight * factor.to(dtype)
    return weight if factor == 1.0 else weight * factor


def _fold_bias(bias: Tensor | None, factor: Tensor | float, like: Tensor) -> Tensor:
    if bias is None:
        return torch.zeros(like.shape[-1], dtype=like.dtype, device=like.device)
    return _fold(bias, factor, like.dtype)
