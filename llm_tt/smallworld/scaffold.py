"""A scaffold for the first steps of training: two heads are told where to look.

An induction head reads what a previous-token head has written: neither pays before the other exists, and
the wait for both to appear together can be longer than all the rest of training. So for the first steps one
head of the first layer is told to look one token back, and one of the second layer to look behind earlier
occurrences of the present token. Nothing says what they are to read or write, and the scaffold is taken away
before the documents come: what stays, stays because it is used.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

HEAD = 0
"""The head that is told, in both layers."""
ROWS = 8
"""Enough of a batch to tell it."""


def scaffold_loss(model: GPT2LMHeadModel, states: Sequence[Tensor], token_ids: Tensor) -> Tensor:
    """Mean surprise, in nats, at the two heads' looking where they should; `states` enter layers 0 and 1."""
    token_ids = token_ids[:ROWS]
    back_by_one = _looks(model, 0, states[0][:ROWS]).diagonal(offset=-1, dim1=1, dim2=2)
    behind = _behind_earlier(token_ids)
    found = _looks(model, 1, states[1][:ROWS]).masked_fill(~behind, float("-inf")).logsumexp(-1)
    return -back_by_one.mean() - found[behind.any(-1)].mean()


def _looks(model: GPT2LMHeadModel, layer: int, states: Tensor) -> Tensor:
    """Logarithm of the head's attention: [row query key]."""
    block, width = model.transformer.h[layer], model.config.n_embd
    d_head, length = width // model.config.n_head, states.shape[1]
    query, key, _ = block.attn.c_attn(block.ln_1(states)).split(width, dim=-1)
    part = slice(HEAD * d_head, (HEAD + 1) * d_head)
    scores = query[..., part] @ key[..., part].transpose(1, 2) / d_head**0.5
    ahead = torch.ones(length, length, dtype=torch.bool, device=scores.device).triu(1)
    logarithms: Tensor = scores.masked_fill(ahead, torch.finfo(scores.dtype).min).log_softmax(-1)
    return logarithms


def _behind_earlier(token_ids: Tensor) -> Tensor:
    """Which keys stand right behind an earlier occurrence of the query's token: [row query key]."""
    before = token_ids.roll(1, dims=1)
    before[:, 0] = -1
    same = token_ids[:, :, None] == before[:, None, :]
    return same.tril()
