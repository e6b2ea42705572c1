"""The input side of attention as plain matrices, whatever the family."""

import torch
from einops import rearrange, repeat
from torch import Tensor, nn
from transformer_lens.model_bridge import TransformerBridge

from llm_tt.model.frozen_norm import FrozenNorm, frozen_norm
from llm_tt.model.head_inputs import HeadInputs, VectorNorm


def head_inputs(bridge: TransformerBridge, layer: int, dtype: torch.dtype) -> HeadInputs | None:
    """Queries, keys and values of one layer; None where the family has no such matrices.

    What is read here is a guess from names; the check-up holds it against a run.
    """
    block = bridge.blocks[layer]
    attention = block.attn
    weights = [_weight(attention, f"W_{name}") for name in "QKV"]
    if any(weight is None or weight.ndim != 3 for weight in weights):
        return None
    norm = frozen_norm(bridge, getattr(block, "ln1", None), dtype)
    n_heads = attention.W_O.shape[0]
    (query, query_bias), (key, key_bias), (value, value_bias) = (
        _fold(norm, weight.detach().to(dtype), _weight(attention, f"b_{name}"), n_heads)
        for name, weight in zip("QKV", weights, strict=True)
        if weight is not None
    )
    inside = attention.original_component
    return HeadInputs(
        query=query,
        key=key,
        value=value,
        query_bias=query_bias,
        key_bias=key_bias,
        value_bias=value_bias,
        norm=norm,
        query_norm=_vector_norm(bridge, getattr(attention, "q_norm", None), query),
        key_norm=_vector_norm(bridge, getattr(attention, "k_norm", None), key),
        score_scale=_score_scale(inside, query.shape[-1]),
        score_cap=getattr(inside, "attn_logit_softcapping", None),
        rotary=_is_rotary(bridge, inside),
    )


def _weight(attention: nn.Module, name: str) -> Tensor | None:
    try:
        weight: Tensor | None = getattr(attention, name, None)
    except AttributeError:  # names of parts that this family does not have
        return None
    return weight


def _fold(norm: FrozenNorm, weight: Tensor, bias: Tensor | None, n_heads: int) -> tuple[Tensor, Tensor]:
    """A weight [kv_head d_model d_head] that reads the state itself, and its bias, for every head."""
    n_own, _, d_head = weight.shape
    own = weight.new_zeros(n_own, d_head) if bias is None else bias.detach().to(weight).reshape(n_own, d_head)
    if norm.bias is not None:
        own = own + norm.bias.to(weight.device) @ weight
    folded = norm.fold_into(weight.mT).mT
    if n_own == n_heads:
        return folded, own
    group = n_heads // n_own
    return (
        repeat(folded, "kv_head d_model d_head -> (kv_head group) d_model d_head", group=group),
        repeat(own, "kv_head d_head -> (kv_head group) d_head", group=group),
    )


def _vector_norm(bridge: TransformerBridge, norm: nn.Module | None, like: Tensor) -> VectorNorm | None:
    """The norm of queries or keys, its weight shared out to all heads."""
    if norm is None:
        return None
    n_heads, _, d_head = like.shape
    linear = frozen_norm(bridge, norm, like.dtype)
    assert linear.epsilon is not None
    weight = like.new_ones(d_head) if linear.weight is None else linear.weight
    own = rearrange(weight, "(own d_head) -> own d_head", d_head=d_head)
    shared_out = repeat(own, "own d_head -> (own group) d_head", group=n_heads // len(own))
    return VectorNorm(shared_out, linear.epsilon, over_all_heads=len(own) > 1)


def _score_scale(inside: nn.Module, d_head: int) -> float:
    """Under the names that families give it; GPT-Neo alone has none."""
    for name in ("scaling", "softmax_scale", "inv_norm_factor"):
        scale = getattr(inside, name, None)
        if scale is not None:
            return float(scale)
    divisor = getattr(inside, "scale_attn", None)
    if divisor is not None:
        return 1.0 / float(divisor)
    return 1.0 if "GPTNeoSelfAttention" in type(inside).__name__ else float(d_head**-0.5)


def _is_rotary(bridge: TransformerBridge, inside: nn.Module) -> bool:
    """Some layers of SmolLM 3 turn nothing."""
    is_rotary = bridge.cfg.positional_embedding_type == "rotary"
    return is_rotary and bool(getattr(inside, "use_rope", True))
