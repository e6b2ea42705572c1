"""What all readings of a head's weights stand on: its inputs for tokens, without constants.

A constant that no token brings is left out where it changes nothing or belongs to nobody:

- the value's bias: a head writes it whatever it attends to;
- the key's bias: it adds the same to every key of a query, and attention does not change. Not where a norm of
  keys follows, because there it is no constant any more.

The query's bias stays: with it, a head prefers some keys whatever asks.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.token_products import token_blocks
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.language_model import LanguageModel

Circuit = Literal["OV", "QK"]

TOKEN_READING = (
    "Each token is read as it enters the stream, alone and without a position, behind the norm in front of "
    "this head. Later heads read states that earlier layers have changed: compare with a run."
)
"""What all these readings assume; for pages."""

VALID_AT_DISTANCE_ZERO = (
    "This model turns queries and keys by their positions, so who looks for whom is read at distance 0, "
    "and changes with distance."
)
"""Beside QK readings where `is_valid_at_distance_zero_only`."""


def is_valid_at_distance_zero_only(model: LanguageModel, layer: int) -> bool:
    """Whether the QK readings of a layer need `VALID_AT_DISTANCE_ZERO`.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
    """
    return readable_head(model, layer, 0).rotary


def readable_head(model: LanguageModel, layer: int, head: int) -> HeadInputs:
    """The inputs of a layer's heads without the constants that readings leave out.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model, or vectors not as tokens.
        TargetError: there is no such layer or head.
    """
    sizes = model.dimensions
    asked = f"Read head {head} of layer {layer} from its weights."
    for name, number, size in (("layer", layer, sizes.n_layers), ("head", head, sizes.n_heads)):
        if not 0 <= number < size:
            raise TargetError(
                asked=asked, found=f"There is no {name} {number}.", remedy=f"Choose one from 0 to {size - 1}."
            )
    check_lens(model)
    inputs = model.head_inputs(layer)
    if inputs is None:
        raise CapabilityError(
            asked=asked,
            found=f"How heads read is not known for {model.spec.source}: its check-up failed there.",
            remedy="What heads did on a prompt can be read.",
        )
    key_bias = torch.zeros_like(inputs.key_bias) if inputs.key_norm is None else inputs.key_bias
    return replace(inputs, value_bias=torch.zeros_like(inputs.value_bias), key_bias=key_bias)


def check_token(model: LanguageModel, token_id: int) -> None:
    """Refuse a token that the model does not have.

    Raises:
        TargetError: there is no such token.
    """
    if not 0 <= token_id < model.dimensions.d_vocab:
        raise TargetError(
            asked=f"Read token {token_id}.",
            found=f"The vocabulary has {model.dimensions.d_vocab:,} tokens.",
            remedy=f"Choose an id from 0 to {model.dimensions.d_vocab - 1}.",
        )


def all_queries(model: LanguageModel, inputs: HeadInputs, head: int) -> Float[Tensor, "d_vocab d_head"]:
    """One head's query for every token."""
    return _of_every_token(model, inputs.queries, head)


def all_keys(model: LanguageModel, inputs: HeadInputs, head: int) -> Float[Tensor, "d_vocab d_head"]:
    """One head's key for every token."""
    return _of_every_token(model, inputs.keys, head)


def all_values(model: LanguageModel, inputs: HeadInputs, head: int) -> Float[Tensor, "d_vocab d_head"]:
    """One head's value for every token."""
    return _of_every_token(model, inputs.values, head)


def _of_every_token(model: LanguageModel, read: Callable[[Tensor, slice], Tensor], head: int) -> Tensor:
    one = slice(head, head + 1)
    blocks = [read(model.embedding(block), one)[:, 0] for block in token_blocks(model)]
    return torch.cat(blocks).to(model.device)
