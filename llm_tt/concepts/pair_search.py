"""The largest entries of a product left @ right.T that is too large to be built.

1. Both factors are balanced: multiplied by matrices that cancel out and make rows as short as may be.
2. Rows of both are sorted by length and cut into blocks. No entry of a tile of two blocks exceeds the product
   of the lengths of their longest rows (Cauchy-Schwarz).
3. Tiles are computed in the order of their bounds, in half precision where the machine is quicker at that.
   What may be among the largest, rounding considered, is computed once more in double precision.
4. Once the next bound is below the last of the largest, the rest is excluded.

Stopped before that, the search knows which share of all entries was computed or excluded.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from llm_tt.concepts.single_threads import single_threads
from llm_tt.tracing.progress import Progress, silent

Pairs = Int[Tensor, "pair 2"]
"""A row of the left factor, and a row of the right one."""

TILE_ROWS, TILE_COLUMNS = 512, 2048
"""2 MiB in half precision, so a tile stays in a core's cache while it is looked through."""

TILES_AT_ONCE = 16
"""Between two looks at the clock: 20 ms on two cores."""

CANDIDATES_AT_ONCE = 1 << 14
"""Entries of a tile that are looked at more closely; with more, the strongest first, which raises the bar."""

ROUNDING = {torch.float32: 1e-5, torch.bfloat16: 0.016}
"""The most that a product of two balanced rows is off, relative to the product of their lengths.

Half precision: 2 ** -8 for either factor, the result, and the number that it is compared with.
"""

TENSOR_FLOAT = 2e-3
"""The same in single precision on a GPU, which may round factors to 11 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundPairs:
    """The largest entries, largest first; equal ones in the order of rows, then columns."""

    pairs: Pairs
    strengths: Float[Tensor, " pair"]
    proven: float
    """Share of all entries that were computed or excluded by a bound."""


def search_pairs(  # noqa: PLR0913 (what to search, how much, and how long)
    left: Float[Tensor, "row width"],
    right: Float[Tensor, "column width"],
    top: int,
    *,
    keep: Callable[[Pairs], Bool[Tensor, " pair"]] | None = None,
    until: float = float("inf"),
    progress: Progress = silent,
) -> FoundPairs:
    """The `top` largest entries of left @ right.T among those that `keep` lets through.

    `until` is a time of `time.monotonic`; at least one tile is always searched.
    """
    tiles = _Tiles(left, right)
    best = _Best(left, right, top, keep)
    started, told, n_done = time.monotonic(), 0.0, 0
    order = tiles.order.tolist()
    while n_done < len(order) and tiles.bounds[order[n_done]] >= best.bar:
        if n_done and time.monotonic() > until:
            break
        some = order[n_done : n_done + (TILES_AT_ONCE if n_done else 1)]  # the first one sets the bar
        tiles.search(some, best)
        n_done += len(some)
        if progress is not silent:
            spent = (time.monotonic() - started) / max(until - started, 1e-9)
            told = max(told, min(0.99, max(spent, tiles.proven(best.bar), 1e-3)))
            progress(told)
    progress(1.0)
    return FoundPairs(best.pairs, best.strengths, tiles.proven(best.bar))


class _Tiles:
    """Balanced factors in blocks of falling length, and the bound of every tile."""

    def __init__(self, left: Tensor, right: Tensor) -> None:
        balanced_left, balanced_right = balance(left, right)
        self.is_on_gpu = left.is_cuda
        dtype = quickest_precision(left.device.type)
        self.rows, self.left, row_bounds = _sorted_blocks(balanced_left, TILE_ROWS, dtype)
        self.columns, self.right, column_bounds = _sorted_blocks(balanced_right, TILE_COLUMNS, dtype)
        self.n_columns = len(self.right)
        bounds = (row_bounds[:, None] * column_bounds[None]).flatten()
        self.margins = bounds * (
            TENSOR_FLOAT if dtype == torch.float32 and self.is_on_gpu else ROUNDING[dtype]
        )
        self.bounds = bounds + self.margins
        self.order = self.bounds.argsort(descending=True, stable=True)
        self.sizes = torch.tensor(
            [len(rows) * len(columns) for rows in self.rows for columns in self.columns], dtype=torch.float64
        )
        self.done = torch.zeros(len(self.sizes), dtype=torch.bool)

    def proven(self, bar: float) -> float:
        """The share of entries that were computed, or cannot reach the bar."""
        is_proven = self.done | (self.bounds < bar)
        return 1.0 if is_proven.all() else float(self.sizes[is_proven].sum() / self.sizes.sum())

    def search(self, some: Sequence[int], best: "_Best") -> None:
        """Look through some tiles for entries that reach the bar, and raise it."""
        if self.is_on_gpu:
            for tile in some:
                self._search(tile, best)
        else:
            list(single_threads("products").map(lambda tile: self._search(tile, best), some))
        self.done[list(some)] = True

    def _search(self, tile: int, best: "_Best") -> None:
        row, column = divmod(tile, self.n_columns)
        entries = self.left[row] @ self.right[column].T
        margin = float(self.margins[tile])
        if float(entries.max()) < best.bar - margin:
            return
        if best.bar == float("-inf"):  # any bar is better than none: the largest of each row
            rows = torch.arange(len(entries), device=entries.device)
            best.offer(self._pairs(row, column, rows, entries.argmax(1)))
        is_candidate = entries >= best.bar - margin
        if int(is_candidate.sum()) > CANDIDATES_AT_ONCE:
            places = entries.flatten().topk(CANDIDATES_AT_ONCE).indices
            best.offer(self._pairs(row, column, places // entries.shape[1], places % entries.shape[1]))
            is_candidate = entries >= best.bar - margin
        for candidates in torch.split(is_candidate.nonzero(), CANDIDATES_AT_ONCE):
            best.offer(self._pairs(row, column, candidates[:, 0], candidates[:, 1]))

    def _pairs(self, row: int, column: int, rows: Tensor, columns: Tensor) -> Tensor:
        """Places in a tile as places in the factors."""
        return torch.stack([self.rows[row][rows], self.columns[column][columns]], dim=-1)


class _Best:
    """The largest entries so far, exactly."""

    def __init__(self, left: Tensor, right: Tensor, top: int, keep: Callable[[Pairs], Tensor] | None) -> None:
        self._left, self._right, self._top, self._keep = left, right, top, keep
        self.pairs = torch.zeros(0, 2, dtype=torch.long, device=left.device)
        self.strengths = torch.zeros(0, dtype=torch.float64, device=left.device)
        self.bar = float("-inf")
        """What an entry must reach to be one of them; it only rises."""
        self._lock = threading.Lock()

    def offer(self, pairs: Tensor) -> None:
        """Take those that are among the largest; what was offered before counts once."""
        with self._lock:
            self._take(pairs)

    def _take(self, pairs: Tensor) -> None:
        strengths = (self._left[pairs[:, 0]].double() * self._right[pairs[:, 1]].double()).sum(-1)
        reaching = strengths >= self.bar
        pairs, strengths = self._in_order(pairs[reaching], strengths[reaching])
        if self._keep is not None:
            pairs, strengths = self._let_through(self._keep, pairs, strengths)
        pairs = torch.cat([self.pairs, pairs[: self._top]])
        places = pairs[:, 0] * len(self._right) + pairs[:, 1]
        first = _first_of_each(places)
        pairs, strengths = pairs[first], torch.cat([self.strengths, strengths[: self._top]])[first]
        pairs, strengths = self._in_order(pairs, strengths)
        self.pairs, self.strengths = pairs[: self._top], strengths[: self._top]
        if len(self.pairs) == self._top:
            self.bar = float(self.strengths[-1])

    def _in_order(self, pairs: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor]:
        by_place = (pairs[:, 0] * len(self._right) + pairs[:, 1]).argsort()
        order = by_place[strengths[by_place].argsort(descending=True, stable=True)]
        return pairs[order], strengths[order]

    def _let_through(
        self, keep: Callable[[Pairs], Tensor], pairs: Tensor, strengths: Tensor
    ) -> tuple[Tensor, Tensor]:
        """From the strongest on, until there are enough: looking at strings takes time."""
        kept: list[Tensor] = []
        n_kept = 0
        for some in torch.split(torch.arange(len(pairs), device=pairs.device), max(256, 4 * self._top)):
            kept.append(some[keep(pairs[some]).to(some.device)])
            n_kept += len(kept[-1])
            if n_kept >= self._top:
                break
        places = torch.cat(kept) if kept else torch.zeros(0, dtype=torch.long, device=pairs.device)
        return pairs[places], strengths[places]


@cache
def quickest_precision(device_type: str) -> torch.dtype:
    """Half precision if this machine multiplies a tile in half the time with it, else single."""
    if device_type == "cpu":
        spent = single_threads("products").submit(_seconds_of_a_tile, device_type).result()
    else:
        spent = _seconds_of_a_tile(device_type)
    return torch.bfloat16 if spent[torch.bfloat16] < 0.5 * spent[torch.float32] else torch.float32


def _seconds_of_a_tile(device_type: str) -> dict[torch.dtype, float]:
    spent = {}
    for dtype in ROUNDING:
        left = torch.ones(TILE_ROWS, 64, dtype=dtype, device=device_type)
        right = torch.ones(TILE_COLUMNS, 64, dtype=dtype, device=device_type)
        tries = []
        for _ in range(5):
            started = time.perf_counter()
            float((left @ right.T).max())
            tries.append(time.perf_counter() - started)
        spent[dtype] = min(tries)
    return spent


def balance(
    left: Float[Tensor, "row width"], right: Float[Tensor, "column width"]
) -> tuple[Float[Tensor, "row width"], Float[Tensor, "column width"]]:
    """Factors of the same product, their columns its singular directions, equally long on both sides.

    Whatever the two triangles are, they cancel out; that they come from the factors makes rows short.
    """
    left, right = left.double(), right.double()
    left_root, right_root = _root(left), _root(right)
    from_core, strengths, to_core = torch.linalg.svd(left_root.T @ right_root)
    half = strengths.sqrt()
    to_left = torch.linalg.solve_triangular(left_root.T, from_core * half, upper=True)
    to_right = torch.linalg.solve_triangular(right_root.T, to_core.T * half, upper=True)
    return left @ to_left, right @ to_right


def _root(factor: Tensor) -> Tensor:
    """A lower triangle whose square is nearly the factor's; never singular."""
    square = factor.T @ factor
    width = len(square)
    little = 1e-9 * square.diagonal().sum() / width + torch.finfo(torch.float64).tiny ** 0.5
    eye = torch.eye(width, dtype=square.dtype, device=square.device)
    root: Tensor = torch.linalg.cholesky(square + little * eye)
    return root


def _sorted_blocks(
    factor: Tensor, size: int, dtype: torch.dtype
) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Blocks of rows, longest first: the places of the rows, the rows themselves, and their longest."""
    lengths = factor.norm(dim=-1)
    order = lengths.argsort(descending=True, stable=True)
    places = list(torch.split(order, size))
    return places, [factor[some].to(dtype) for some in places], lengths[order[::size]].cpu()


def _first_of_each(numbers: Tensor) -> Tensor:
    """Where each different number comes first."""
    ordered, places = numbers.sort(stable=True)
    is_first = torch.ones_like(ordered, dtype=torch.bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return places[is_first]
