"""Proximity: how much closer a part brings us to the whole than nothing would.

For a whole `y` and one of its parts `x` it is `|y| - |y - x|`, and 0 where the part leads away; with the L1
norm this is the measure of information flow routes. Summed coordinate by coordinate it loses no digits; the
difference of two long vectors' lengths would lose four.

Messages of attention are `coefficient * u`, one `u` for each key and head, so that the tensor of all messages
[query key head d_model] never exists. Two ways compute the same: a compiled kernel on CPUs, and here torch in
chunks, which is the reference, the fallback, and the way on GPUs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution import proximity_kernel
from llm_tt.attribution.messages import LayerMessages
from llm_tt.attribution.proximity_kernel import KernelJob

Norm = Literal["l1", "l2"]

CHUNK_ELEMENTS = {"cpu": 1 << 20, "cuda": 1 << 26}
"""Numbers held at once by the chunked way: about what a cache holds, or a small part of a GPU."""
SLOPES_FROM = 192
"""Length of prompt from which slopes pay: their cost grows with the length, the kernel's with its square."""


def of_part(
    whole: Float[Tensor, "position d_model"], part: Float[Tensor, "position d_model"], norm: Norm
) -> Float[Tensor, " position"]:
    """Proximity of one part to its whole, position by position."""
    if norm == "l2":
        return _closer_l2(whole.square().sum(-1), (whole * part).sum(-1), part.square().sum(-1))
    if proximity_kernel.can_compute(whole):
        return proximity_kernel.of_part(whole, part)
    return (whole.abs() - (whole - part).abs()).sum(-1).clamp(min=0)


@dataclass(frozen=True, slots=True, eq=False)
class MessageSum:
    """A sum that attention enters, its messages, and where their proximities are written."""

    whole: Float[Tensor, "query d_model"]
    messages: LayerMessages
    result: Float[Tensor, "head query key"]


def of_messages(sums: Sequence[MessageSum], norm: Norm) -> None:
    """Write the proximity of every message into the results; 0 where the key is in the future."""
    if norm == "l1" and sums and proximity_kernel.can_compute(sums[0].whole):
        proximity_kernel.of_messages(
            [
                KernelJob(
                    each.whole, each.messages.vectors, each.messages.coefficient, _slope(each), each.result
                )
                for each in sums
            ]
        )
        return
    for each in sums:
        if norm == "l2":
            each.result.copy_(_messages_l2(each.whole, each.messages))
        else:
            of_messages_in_chunks(each.whole, each.messages.vectors, each.messages.coefficient, each.result)


def _slope(each: MessageSum) -> Float[Tensor, "head query key"]:
    """The slope, or for short prompts any numbers above 0: there it costs more to leave work out."""
    if len(each.whole) < SLOPES_FROM:
        return each.messages.coefficient
    return slope(each.whole, each.messages)


def slope(whole: Float[Tensor, "query d_model"], messages: LayerMessages) -> Float[Tensor, "head query key"]:
    """How fast the L1 proximity grows as a message begins to be added.

    Proximity is a concave function of the coefficient that starts at 0, so it never exceeds coefficient *
    slope: where the slope is not positive, the proximity is 0 and need not be summed.
    """
    return messages.product_with(whole.sign())


def of_messages_in_chunks(
    whole: Float[Tensor, "query d_model"],
    vectors: Float[Tensor, "head key d_model"],
    coefficient: Float[Tensor, "head query key"],
    result: Float[Tensor, "head query key"],
) -> None:
    """The L1 proximity in plain torch, a block of queries and one head at a time."""
    n_heads, n_queries, n_keys = coefficient.shape
    limit = CHUNK_ELEMENTS.get(whole.device.type, CHUNK_ELEMENTS["cpu"])
    rows = max(1, limit // (n_keys * whole.shape[-1]))
    length = whole.abs()
    result.zero_()
    for start in range(0, n_queries, rows):
        stop = min(start + rows, n_queries)
        for head in range(n_heads):
            left = vectors[head, None, :stop] * -coefficient[head, start:stop, :stop, None]
            left += whole[start:stop, None]
            result[head, start:stop, :stop] = (length[start:stop, None] - left.abs_()).sum(-1)
    result.clamp_(min=0).tril_()


def _messages_l2(whole: Tensor, messages: LayerMessages) -> Tensor:
    """In closed form: only products of matrices."""
    product = messages.coefficient * messages.product_with(whole)
    length = messages.coefficient.square() * messages.vectors.square().sum(-1)[:, None]
    return _closer_l2(whole.square().sum(-1)[:, None], product, length).tril_()


def _closer_l2(whole: Tensor, product: Tensor, part: Tensor) -> Tensor:
    """`|y| - |y - x|` from the squares of both and their product, without the difference of two roots."""
    gain = 2 * product - part
    distance = (whole - gain).clamp(min=0).sqrt()
    total = whole.sqrt() + distance
    return torch.where(total > 0, gain / total, torch.zeros_like(gain)).clamp(min=0)
