"""Rows of logits in a few numbers each: the best token, how sure it is, and how one token fares."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

NUMBERS_AT_ONCE = 1 << 23
"""Logits that callers hold at once: 32 MiB in single precision, and a few times that while they are read."""


@dataclass(frozen=True, slots=True, eq=False)
class LogitSummary:
    """One number a row, on the device of the logits."""

    token_ids: Int[Tensor, " row"]
    """The most likely token; among equals the first of the vocabulary."""
    probabilities: Float[Tensor, " row"]
    """Of that token."""
    entropies: Float[Tensor, " row"]
    """Of the whole distribution, in nats."""
    target_ranks: Int[Tensor, " row"]
    """1 is the best, as `rank_logits` would list them."""
    target_probabilities: Float[Tensor, " row"]
    target_logits: Float[Tensor, " row"]


@torch.no_grad()
def summary_of(logits: Float[Tensor, "row d_vocab"], target_ids: Int[Tensor, " row"]) -> LogitSummary:
    """What each row predicts, and how one token of each row's own choice fares in it."""
    if logits.isnan().any():
        message = "the logits hold NaN: the model, or the state that was read, is damaged"
        raise ValueError(message)
    target = target_ids.to(logits.device)[:, None]
    own = logits.gather(-1, target)
    places = torch.arange(logits.shape[-1], device=logits.device)
    # Tokens with equal logits stand in the order of the vocabulary.
    ranks = 1 + (logits > own).sum(-1) + ((logits == own) & (places < target)).sum(-1)
    token_ids = logits.argmax(-1)
    probabilities = logits.softmax(-1)
    return LogitSummary(
        token_ids=token_ids,
        probabilities=probabilities.gather(-1, token_ids[:, None])[:, 0],
        entropies=torch.special.entr(probabilities).sum(-1),
        target_ranks=ranks,
        target_probabilities=probabilities.gather(-1, target)[:, 0],
        target_logits=own[:, 0],
    )
