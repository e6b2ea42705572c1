"""One token in, tokens out: what a head writes for it, which keys it looks for, which queries look for it."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.concepts.head_circuits import all_keys, all_queries, check_token, readable_head
from llm_tt.concepts.single_threads import on_one_core
from llm_tt.lens.promotion import Promotion, TokenChanges, promotion_of
from llm_tt.lens.token_products import (
    strongest_changes,
    token_divisors,
    token_products,
    weakest_changes,
)
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class HeadTokens:
    """The tokens with the highest and the lowest attention scores; plain values.

    `changes` are attention scores at distance 0, before the softmax, without the key's bias.
    """

    most: TokenChanges
    least: TokenChanges


@on_one_core
@torch.no_grad()
def ov_tokens(model: LanguageModel, layer: int, head: int, token_id: int, top: int = 10) -> Promotion:
    """What a head writes when it attends to a token: changes of the logits, before the final norm's factor.

    The value's bias is left out, for no token brings it; so is the divisor of a norm behind attention, which
    only a run knows.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer, head or token.
    """
    return promotion_of(model, ov_changes(model, layer, head, token_id), top=top)


@on_one_core
@torch.no_grad()
def ov_changes(model: LanguageModel, layer: int, head: int, token_id: int) -> Float[Tensor, " d_vocab"]:
    """The same for the whole vocabulary.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer, head or token.
    """
    inputs = readable_head(model, layer, head)
    check_token(model, token_id)
    value = inputs.values(model.embedding([token_id]), slice(head, head + 1))[0, 0]
    return model.read_part(value @ model.layer_weights(layer).head_out[head], 1.0)


@on_one_core
@torch.no_grad()
def looked_for(model: LanguageModel, layer: int, head: int, token_id: int, top: int = 10) -> HeadTokens:
    """Which tokens a head attends to most and least from a token, both read alone.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer, head or token.
    """
    inputs = readable_head(model, layer, head)
    check_token(model, token_id)
    query = inputs.queries(model.embedding([token_id]), slice(head, head + 1))[0, 0]
    if inputs.key_norm is None:
        products = _against_tokens(model, inputs, inputs.key[head] @ query)
    else:
        products = all_keys(model, inputs, head) @ query.to(model.device)
    return _scored(model, inputs, products, top)


@on_one_core
@torch.no_grad()
def looked_for_by(model: LanguageModel, layer: int, head: int, token_id: int, top: int = 10) -> HeadTokens:
    """From which tokens a head attends to a token most and least, both read alone.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer, head or token.
    """
    inputs = readable_head(model, layer, head)
    check_token(model, token_id)
    key = inputs.keys(model.embedding([token_id]), slice(head, head + 1))[0, 0]
    if inputs.query_norm is None:
        products = _against_tokens(model, inputs, inputs.query[head] @ key)
        products += (inputs.query_bias[head] @ key).to(products.device)
    else:
        products = all_queries(model, inputs, head) @ key.to(model.device)
    return _scored(model, inputs, products, top)


def _against_tokens(
    model: LanguageModel, inputs: HeadInputs, direction: Float[Tensor, " d_model"]
) -> Float[Tensor, " d_vocab"]:
    """Every token along one direction, behind the norm: one pass over the embedding."""
    return token_products(model, direction[None])[0] / token_divisors(model, inputs.norm)


def _scored(model: LanguageModel, inputs: HeadInputs, products: Tensor, top: int) -> HeadTokens:
    scores = inputs.bend(products)
    return HeadTokens(strongest_changes(model, scores, top), weakest_changes(model, scores, top))
