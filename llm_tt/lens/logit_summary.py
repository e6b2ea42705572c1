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
    target = target_ids.to(logits.device)[:, None]
    own = logits.gather(-1, target)
    best = logits.max(-1, keepdim=True)  # of equal ones the first
    below = logits - best.values
    weights = below.exp()
    total = weights.sum(-1)
    if total.isnan().any():
        message = "the logits hold NaN: the model, or the state that was read, is damaged"
        raise ValueError(message)
    return LogitSummary(
        token_ids=best.indices[:, 0],
        probabilities=1 / total,
        entropies=_entropies(below, weights, total),
        target_ranks=_ranks(logits, own, target),
        target_probabilities=weights.gather(-1, target)[:, 0] / total,
        target_logits=own[:, 0],
    )


def _entropies(
    below: Float[Tensor, "row d_vocab"], weights: Float[Tensor, "row d_vocab"], total: Float[Tensor, " row"]
) -> Float[Tensor, " row"]:
    """Of probabilities `weights / total`, `weights` being e to the power of `below`, which is used up."""
    products = below.mul_(weights)  # in place: memory that is new costs more than the arithmetic
    sums = products.sum(-1)
    if sums.isnan().any():  # 0 times minus infinity: tokens that are ruled out
        sums = products.nan_to_num(nan=0.0).sum(-1)
    return total.log() - sums / total


def _ranks(
    logits: Float[Tensor, "row d_vocab"], own: Float[Tensor, "row 1"], target: Int[Tensor, "row 1"]
) -> Int[Tensor, " row"]:
    # A sum of truth values in 32 bits takes half the time of one in 64.
    ranks = 1 + (logits > own).sum(-1, dtype=torch.int32)
    tied = ((logits == own).sum(-1, dtype=torch.int32) > 1).nonzero()[:, 0]
    if len(tied):  # equal ones stand in the order of the vocabulary
        places = torch.arange(logits.shape[-1], device=logits.device)
        ahead = (logits[tied] == own[tied]) & (places < target[tied])
        ranks[tied] += ahead.sum(-1, dtype=torch.int32)
    return ranks
