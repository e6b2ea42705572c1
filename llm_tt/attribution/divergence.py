"""How far one prediction is from another."""

import torch
from jaxtyping import Float
from torch import Tensor


def divergence(
    before: Float[Tensor, "*row d_vocab"], after: Float[Tensor, "*row d_vocab"]
) -> Float[Tensor, "*row"]:
    """Kullback and Leibler's, of `after` from `before`, in nats; what `before` rules out counts nothing."""
    ours, theirs = before.log_softmax(-1), after.log_softmax(-1)
    weights = ours.exp()
    terms = torch.where(weights > 0, weights * (ours - theirs), 0.0)
    return terms.sum(-1).clamp(min=0.0)  # never below 0 but for rounding
