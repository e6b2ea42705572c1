"""The two matrices that directions are read against, one row a token, whatever the family.

What a neuron writes is read out through the final norm's weight and mean removal, folded into the rows; what
it reads is compared with the tokens' embeddings.
"""

from dataclasses import dataclass
from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.language_model import LanguageModel

NUMBERS_AT_ONCE: Final = 1 << 24
"""Of a matrix, when it has to be converted: 64 MiB in single precision."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenMatrix:
    """One row a token, in single precision."""

    rows: Float[Tensor, "d_vocab d_model"]
    covariance: Float[Tensor, "d_model d_model"]
    """Of the rows: what a direction's reading varies by over the vocabulary, without reading it."""

    def spreads(self, directions: Float[Tensor, "direction d_model"]) -> Float[Tensor, " direction"]:
        """Standard deviation over the vocabulary of what each direction reads."""
        variances = ((directions @ self.covariance) * directions).sum(-1)
        return variances.clamp(min=0).sqrt()


@torch.no_grad()
def unembedding_matrix(model: LanguageModel) -> TokenMatrix:
    """What each coordinate of the last state adds to each token's logit, the norm's divisor being one."""
    sizes = model.dimensions
    rows = torch.empty(sizes.d_vocab, sizes.d_model, device=model.device)
    at_once = max(1, NUMBERS_AT_ONCE // sizes.d_model)
    for first in range(0, sizes.d_vocab, at_once):
        some = range(first, min(first + at_once, sizes.d_vocab))
        rows[some.start : some.stop] = model.unembedding(some)
    return _with_covariance(rows)


@torch.no_grad()
def embedding_matrix(model: LanguageModel) -> TokenMatrix:
    """The tokens as they enter the stream; a view of the model's own weights where that is possible."""
    return _with_covariance(model.embedding().to(model.device, torch.float32).contiguous())


def _with_covariance(rows: Tensor) -> TokenMatrix:
    """Centred before it is squared, so that a large mean takes no digits away."""
    n_tokens, width = rows.shape
    mean = rows.mean(0, dtype=torch.float64).float()
    total = torch.zeros(width, width, dtype=torch.float64, device=rows.device)
    for some in torch.split(rows, max(1, NUMBERS_AT_ONCE // width)):
        centred = some - mean
        total += centred.T @ centred
    return TokenMatrix(rows, (total / n_tokens).float())
