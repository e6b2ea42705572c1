"""The tokens that directions read most strongly, and least, of a whole vocabulary.

Nearly all time goes into products of directions and tokens, and where a processor multiplies bfloat16 much
quicker than single precision, that is used only to choose: a product of rounded numbers is off by at most

    |rounding of the direction| * |token| + |rounded direction| * |rounding of the token|

(Cauchy and Schwarz), and by what adding up and rounding the result may do. Every token that this leaves
in doubt is a candidate, and candidates are scored in single precision, all in the same way. So the result is
that of scoring all tokens.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from typing import Final

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, Float16, Float32, Int, Int32
from torch import Tensor

from llm_tt.concepts.token_matrices import TokenMatrix
from llm_tt.lens.token_ranking import strongest_tokens

PLACES: Final = 4096
"""Candidates that fit for one list; where there are more, all tokens are scored."""

_OUTPUT_ROUNDING: Final = 1.01 * 2.0**-8
"""Of a bfloat16 result, relative to it."""

_ADDING_UP: Final = 2.0**-22
"""For each term of a sum in single precision, twice as much as theory gives for both ways of scoring."""

_PROBE: Final = (128, 256, 8192)
_WORTH_IT: Final = 0.6


class TokenReader:
    """A matrix of tokens, prepared for many directions."""

    def __init__(self, matrix: TokenMatrix, *, in_halves: bool | None = None) -> None:
        """Take bfloat16 for choosing if told so, or by default where this machine is quick at it."""
        self._rows = matrix.rows
        self._is_compiled = matrix.rows.device.type == "cpu" and find_spec("numba") is not None
        self._in_halves = halves_are_quick() if in_halves is None and self._is_compiled else bool(in_halves)
        if self._is_compiled:
            self._lengths = torch.linalg.vector_norm(matrix.rows, dim=-1)
            self._chosen_from = matrix.rows.bfloat16() if self._in_halves else matrix.rows
            self._rounded_off = _rounding(matrix.rows, self._chosen_from)

    @torch.no_grad()
    def both_ends(
        self, directions: Float[Tensor, "direction d_model"], rank: int
    ) -> tuple[Int[Tensor, "direction end rank"], Float[Tensor, "direction end rank"]]:
        """The ids of the tokens with the largest products, then with the smallest, and those products.

        Equal products keep the order of the vocabulary.
        """
        if not self._is_compiled:
            return _by_sorting(directions, self._rows, rank)
        directions = directions.contiguous()
        rounded = directions.to(self._chosen_from.dtype)
        products = rounded @ self._chosen_from.T
        slack = _OUTPUT_ROUNDING if self._in_halves else 0.0
        error = self._error(directions, rounded)
        found, counts = _candidates(products, error, slack, rank)
        del products
        rows, tokens = directions.numpy(), self._rows.numpy()
        ids, strengths = _ranked(rows, tokens, found, np.maximum(counts, 0), rank)
        for row in np.flatnonzero((counts < 0).any(1)).tolist():
            whole = np.broadcast_to(np.arange(len(tokens), dtype=np.int32), (1, 2, len(tokens)))
            all_of_them = np.full((1, 2), len(tokens), np.int32)
            ids[[row]], strengths[[row]] = _ranked(rows[[row]], tokens, whole, all_of_them, rank)
        return torch.from_numpy(ids), torch.from_numpy(strengths)

    def _error(self, directions: Tensor, rounded: Tensor) -> Float32[np.ndarray, " d_vocab"]:
        """By how much a product with each token may be off before it is rounded, for all directions."""
        off = float(_rounding(directions, rounded).max())
        length = float(torch.linalg.vector_norm(rounded.float(), dim=-1).max())
        adding = _ADDING_UP * directions.shape[1] * max(length, 1e-30)
        error = (off + adding) * self._lengths + (length + adding) * self._rounded_off
        allowed: Float32[np.ndarray, " d_vocab"] = (1.0001 * error).numpy()
        return allowed


def products_with(
    halves: Float16[np.ndarray, "row d_model"], one: Float16[np.ndarray, " d_model"]
) -> Float32[np.ndarray, " row"]:
    """Of rows in half precision with one vector, in single precision."""
    from llm_tt.concepts import selection_kernel as kernel  # numba costs half a second to import

    result, vector = np.empty(len(halves), np.float32), one.astype(np.float32)
    bits = np.ascontiguousarray(halves).view(np.uint16)
    _side_by_side(len(bits), lambda a, b: kernel.products_with_one(bits[a:b], vector, result[a:b]))
    return result


def _rounding(exact: Tensor, rounded: Tensor) -> Float[Tensor, " row"]:
    """The length of what rounding took from each row."""
    if exact.dtype == rounded.dtype:
        return exact.new_zeros(len(exact))
    parts = zip(torch.split(exact, 4096), torch.split(rounded, 4096), strict=True)
    return torch.cat([torch.linalg.vector_norm(one - other.float(), dim=-1) for one, other in parts])


def _by_sorting(directions: Tensor, rows: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Without a kernel: on accelerators, in true single precision whatever is set for the rest."""
    quicker = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    try:
        products = directions @ rows.T
    finally:
        torch.backends.cuda.matmul.allow_tf32 = quicker
    ids = torch.stack([strongest_tokens(products, rank), strongest_tokens(-products, rank)], dim=1)
    flat = products.gather(-1, rearrange(ids, "direction end rank -> direction (end rank)"))
    return ids, rearrange(flat, "direction (end rank) -> direction end rank", end=2)


def _candidates(
    products: Tensor, error: Float32[np.ndarray, " d_vocab"], slack: float, rank: int
) -> tuple[Int32[np.ndarray, "direction end place"], Int32[np.ndarray, "direction end"]]:
    from llm_tt.concepts import selection_kernel as kernel  # as above

    n_rows, n_tokens = products.shape
    found = np.empty((n_rows, 2, min(n_tokens, PLACES + rank)), np.int32)
    counts = np.empty((n_rows, 2), np.int32)
    if products.dtype == torch.bfloat16:
        numbers, find = products.view(torch.int16).numpy().view(np.uint16), kernel.find_candidates
    else:
        numbers, find = products.numpy(), kernel.find_candidates_of_singles
    width = np.float32(slack)
    _side_by_side(
        n_rows,
        lambda a, b: find(numbers[a:b], error, width, rank, found[a:b], counts[a:b]),
    )
    return found, counts


def _ranked(
    rows: Float32[np.ndarray, "direction d_model"],
    tokens: Float32[np.ndarray, "d_vocab d_model"],
    found: Int32[np.ndarray, "direction end place"],
    counts: Int32[np.ndarray, "direction end"],
    rank: int,
) -> tuple[Int32[np.ndarray, "direction end rank"], Float32[np.ndarray, "direction end rank"]]:
    """Score the candidates and sort them."""
    from llm_tt.concepts import selection_kernel as kernel  # as above

    values = np.empty(found.shape, np.float32)
    ids = np.zeros((len(rows), 2, rank), np.int32)
    strengths = np.zeros(ids.shape, np.float32)
    _side_by_side(len(tokens), lambda a, b: kernel.score(rows, tokens, a, b, found, counts, values))
    _side_by_side(
        len(rows),
        lambda a, b: kernel.rank_candidates(found[a:b], counts[a:b], values[a:b], ids[a:b], strengths[a:b]),
    )
    return ids, strengths


def _side_by_side(count: int, work: Callable[[int, int], None]) -> None:
    """Work on all of `count` things, each thread on some of them."""
    n_threads = max(1, torch.get_num_threads())
    if n_threads == 1:
        work(0, count)
        return
    edges = [count * part // n_threads for part in range(n_threads + 1)]
    with ThreadPoolExecutor(n_threads) as threads:
        list(threads.map(work, edges[:-1], edges[1:]))


@cache
def halves_are_quick() -> bool:
    """Whether products of bfloat16 take much less time here than those of single precision; asked once."""
    rows, width, tokens = _PROBE
    directions, matrix = torch.randn(rows, width), torch.randn(tokens, width)
    singles = _quickest(directions, matrix)
    return _quickest(directions.bfloat16(), matrix.bfloat16()) < _WORTH_IT * singles


def _quickest(directions: Tensor, matrix: Tensor) -> float:
    taken = []
    for _ in range(4):
        start = time.perf_counter()
        _ = directions @ matrix.T
        taken.append(time.perf_counter() - start)
    return min(taken)
