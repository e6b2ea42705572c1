"""Queries and keys as directions of the residual stream, so that they can be read as tokens.

A query q and the key of a state x meet in an inner product, which is also one in the stream:

    <q, norm(x) W_K + b> = <W_K q, x> / divisor(x) + <q, b>

so `W_K q` says which states a query looks for; and `W_Q k`, which states look for a key. There `k` is without
its bias, which gives all keys of a query the same, so that no attention comes of it; but not where a norm of
keys follows. What the query's bias gives a key, whoever asks, lies along no direction.

Where a family norms keys (or queries) once more behind the projection, the weight of that norm is in the
direction; its divisor, which differs from state to state, is not. A rotation by positions comes after all of
this.
"""

from typing import Final

import torch
from einops import einsum
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.model.head_inputs import HeadInputs, VectorNorm

UNREADABLE: Final = (
    "How heads of this model read could not be verified, so queries and keys are left out: values hang on "
    "what attention reads."
)
ROTARY: Final = (
    "This model turns queries and keys by their positions; they are read as they are before, as if one stood "
    "beside the other."
)
NORMED: Final = (
    "This model norms queries or keys once more; they are read without that norm's divisor, which differs "
    "from token to token."
)


def notes_on(inputs: HeadInputs | None) -> tuple[str, ...]:
    """What has to be said beside queries and keys of a family, in sentences."""
    if inputs is None:
        return (UNREADABLE,)
    is_normed = inputs.query_norm is not None or inputs.key_norm is not None
    return tuple(note for note, applies in ((ROTARY, inputs.rotary), (NORMED, is_normed)) if applies)


def directions_looked_for(
    inputs: HeadInputs, state: Float[Tensor, " d_model"], heads: Int[Tensor, " chosen"]
) -> Float[Tensor, "chosen d_model"]:
    """The directions along which some heads, standing on a state, look for keys."""
    heads = heads.to(inputs.key.device)
    queries = inputs.queries(state)[heads]
    weighted = queries * _weight(inputs.key_norm, heads, queries)
    return einsum(inputs.key[heads], weighted, "chosen d_model d_head, chosen d_head -> chosen d_model")


def directions_looked_for_by(
    inputs: HeadInputs,
    states: Float[Tensor, "pos d_model"],
    heads: Int[Tensor, " chosen"],
    positions: Int[Tensor, " chosen"],
) -> Float[Tensor, "chosen d_model"]:
    """The directions along which states are found by the keys of some heads at some positions."""
    heads, positions = heads.to(inputs.query.device), positions.to(inputs.query.device)
    needed, places = torch.unique(positions, return_inverse=True)
    keys = inputs.keys(states[needed.to(states.device)])[places, heads]
    if inputs.key_norm is None:
        keys = keys - inputs.key_bias[heads]
    weighted = keys * _weight(inputs.query_norm, heads, keys)
    return einsum(inputs.query[heads], weighted, "chosen d_model d_head, chosen d_head -> chosen d_model")


def _weight(norm: VectorNorm | None, heads: Tensor, like: Tensor) -> Tensor:
    return torch.ones_like(like) if norm is None else norm.weight[heads]
