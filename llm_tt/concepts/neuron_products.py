"""Products of directions with all tokens of a vocabulary: the strongest of each, and their spread."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from jaxtyping import Float, Float32, Int32
from torch import Tensor

NUMBERS_AT_ONCE: Final = 1 << 24
"""Products held at once: 64 MiB, and half of it again where they are approximate."""

HALF_ROUNDING: Final = 2.0**-8
"""The largest relative error of one rounding to bfloat16."""
SINGLE_ROUNDING: Final = 2.0**-23


@dataclass(frozen=True, slots=True, eq=False)
class Strongest:
    """For each direction the tokens with the largest and with the smallest products."""

    most: Int32[np.ndarray, "direction top"]
    most_products: Float32[np.ndarray, "direction top"]
    least: Int32[np.ndarray, "direction top"]
    least_products: Float32[np.ndarray, "direction top"]


class TokenProducts:
    """The vectors of all tokens, prepared for many products."""

    def __init__(self, tokens: Float[Tensor, "token d_model"]) -> None:
        """`tokens` may be anywhere and in any precision; a copy is only made where it has to be."""
        self._tokens = tokens.detach().to("cpu", torch.float32).contiguous()
        norms = self._tokens.norm(dim=-1)
        self._mean = self._tokens.mean(0, dtype=torch.float64)
        self._square = _mean_square(self._tokens)
        rounded = self._tokens.bfloat16()
        self._rounded: Tensor | None = rounded if _is_quicker(self._tokens, rounded) else None
        # Cauchy and Schwarz: a sum of products is off by no more than both roundings allow.
        share = 2 * HALF_ROUNDING + HALF_ROUNDING**2 if self._rounded is not None else 0.0
        share += 2 * tokens.shape[1] * SINGLE_ROUNDING
        self._slack = (share * norms).numpy()
        self._relative = 1.01 * HALF_ROUNDING if self._rounded is not None else 0.0

    def spread(self, directions: Float[Tensor, "direction d_model"]) -> Float[Tensor, " direction"]:
        """The standard deviation of each direction's products over the vocabulary; needs no product."""
        wide = directions.detach().to("cpu", torch.float64)
        square = ((wide @ self._square) * wide).sum(-1)
        return (square - (wide @ self._mean) ** 2).clamp(min=0).sqrt().float()

    def strongest(self, directions: Float[Tensor, "direction d_model"], top: int) -> Strongest:
        """Exact in single precision. Directions are of length one."""
        directions = directions.detach().to("cpu", torch.float32).contiguous()
        top = min(top, len(self._tokens))
        shape = (len(directions), top)
        found = Strongest(
            np.empty(shape, np.int32),
            np.empty(shape, np.float32),
            np.empty(shape, np.int32),
            np.empty(shape, np.float32),
        )
        rows = max(1, NUMBERS_AT_ONCE // len(self._tokens))
        with ThreadPoolExecutor(torch.get_num_threads()) as pool:
            for start in range(0, len(directions), rows):
                some = directions[start : start + rows]
                self._select(pool, some, self._approximate(some), found, start)
        return found

    def _approximate(self, directions: Tensor) -> Float[Tensor, "direction token"]:
        if self._rounded is None:
            return directions @ self._tokens.T
        return (directions.bfloat16() @ self._rounded.T).float()

    def _select(
        self, pool: ThreadPoolExecutor, directions: Tensor, approximate: Tensor, found: Strongest, start: int
    ) -> None:
        from llm_tt.concepts.selection_kernel import select  # loading the compiler takes a second

        rows, numbers, tokens = directions.numpy(), approximate.numpy(), self._tokens.numpy()

        def work(first: int, last: int) -> None:
            into = slice(start + first, start + last)
            given = (numbers[first:last], self._slack, self._relative, rows[first:last], tokens)
            select(*given, 1.0, found.most[into], found.most_products[into])
            select(*given, -1.0, found.least[into], found.least_products[into])

        list(pool.map(work, *zip(*_pieces(len(rows), torch.get_num_threads()), strict=True)))


def _pieces(n_rows: int, n_threads: int) -> Iterator[tuple[int, int]]:
    step = -(-n_rows // n_threads)
    for first in range(0, n_rows, step):
        yield first, min(first + step, n_rows)


def _mean_square(tokens: Float[Tensor, "token d_model"]) -> Float[Tensor, "d_model d_model"]:
    """The mean of each token's outer product with itself."""
    return ((tokens.T @ tokens) / len(tokens)).double()


def _is_quicker(tokens: Tensor, rounded: Tensor) -> bool:
    """Whether this machine multiplies bfloat16 at least twice as fast: measured, since no name says it."""
    some, some_rounded = tokens[:4096], rounded[:4096]
    return 2 * _seconds(some_rounded) < _seconds(some)


def _seconds(tokens: Tensor) -> float:
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        tokens[:256] @ tokens.T
        times.append(time.perf_counter() - begun)
    return min(times)
