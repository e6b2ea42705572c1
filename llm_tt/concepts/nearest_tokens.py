"""The tokens whose embedding, or whose unembedding, points the same way."""

from typing import Literal

import torch
from torch import Tensor

from llm_tt.concepts.head_circuits import check_token
from llm_tt.concepts.single_threads import on_one_core
from llm_tt.errors import AttributionError
from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_products import kept_numbers, strongest_changes, token_products
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.language_model import LanguageModel

Space = Literal["embedding", "unembedding"]

SPACES: dict[str, str] = {
    "embedding": "Tokens as they enter the stream, without positions.",
    "unembedding": "The directions that raise each token's logit, with the final norm's weight.",
}
"""Each space in one sentence."""


@on_one_core
@torch.no_grad()
def nearest_tokens(model: LanguageModel, token_id: int, space: Space, top: int = 10) -> TokenChanges:
    """The tokens nearest to a token by the cosine of their vectors, itself left out; `changes` are cosines.

    Raises:
        AttributionError: there is no such space.
        CapabilityError: unembeddings are asked for, and the lens is switched off for this model.
        TargetError: there is no such token.
    """
    check_space(space)
    check_token(model, token_id)
    products, lengths = (
        _in_embedding(model, token_id) if space == "embedding" else _in_output(model, token_id)
    )
    cosines = products / (lengths * lengths[token_id]).clamp(min=torch.finfo(products.dtype).tiny)
    cosines[token_id] = -torch.inf
    return strongest_changes(model, cosines, min(top, model.dimensions.d_vocab - 1))


def check_space(space: str) -> None:
    """Refuse a space that there is not.

    Raises:
        AttributionError: there is no such space.
    """
    if space not in SPACES:
        raise AttributionError(
            asked=f"Find the tokens nearest to one by their {space!r}.",
            found=f"The spaces are {' and '.join(SPACES)}.",
            remedy="Choose one of them.",
        )


def _in_embedding(model: LanguageModel, token_id: int) -> tuple[Tensor, Tensor]:
    lengths = kept_numbers(model, ("embedding",), lambda block: model.embedding(block).norm(dim=-1))
    return token_products(model, model.embedding([token_id]))[0], lengths


def _in_output(model: LanguageModel, token_id: int) -> tuple[Tensor, Tensor]:
    """Reading a token's own direction out gives its product with all others."""
    check_lens(model)
    lengths = kept_numbers(model, ("unembedding",), lambda block: model.unembedding(block).norm(dim=-1))
    return model.read_part(model.unembedding([token_id])[0], 1.0), lengths
