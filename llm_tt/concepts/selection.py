"""The tokens that directions read most strongly, and least."""

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.concepts.token_matrices import TokenMatrix
from llm_tt.lens.token_ranking import strongest_tokens


def both_ends(
    directions: Float[Tensor, "direction d_model"], matrix: TokenMatrix, rank: int
) -> tuple[Int[Tensor, "direction end rank"], Float[Tensor, "direction end rank"]]:
    """The ids of the tokens with the largest products, and with the smallest, and those products.

    Equal products keep the order of the vocabulary.
    """
    products = directions @ matrix.rows.T
    ids = torch.stack([strongest_tokens(products, rank), strongest_tokens(-products, rank)], dim=1)
    flat = rearrange(ids, "direction end rank -> direction (end rank)")
    found = products.gather(-1, flat)
    return ids, rearrange(found, "direction (end rank) -> direction end rank", end=2)
