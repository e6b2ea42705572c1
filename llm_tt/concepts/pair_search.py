"""The largest entries of a product left @ right.T that is too large to be built.

1. Both factors are balanced: multiplied by matrices that cancel out and make rows as short as may be.
2. Rows of both are sorted by length and cut into blocks. No entry of a tile of two blocks exceeds the product of
   the lengths of their longest rows (Cauchy-Schwarz).
3. Tiles are computed in the order of their bounds, and what may be among the largest is computed once more,
   exactly. Once the next bound is below the last of the largest, the rest is excluded.

Stopped before that, the search knows which share of all entries was computed or excluded.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from llm_tt.tracing.progress import Progress, silent

Pairs = Int[Tensor, "pair 2"]
"""A row of the left factor, and a row of the right one."""

TILE_ROWS, TILE_COLUMNS = 512, 2048
"""4 MiB in single precision, so a tile stays in the cache while it is looked through."""

CANDIDATES_AT_ONCE = 1 << 16
"""Entries of a tile that are looked at more closely; with more, the strongest first, which raises the bar."""

ROUNDING = 1e-5
"""Of single precision products of balanced rows, relative to the product of their lengths, with room."""


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
    started, told = time.monotonic(), 0.0
    for n_done, tile in enumerate(tiles.order.tolist()):
        if tiles.bounds[tile] < best.bar or (n_done and time.monotonic() > until):
            break
        tiles.search(tile, best)
        tiles.done[tile] = True
        if progress is not silent and n_done % 16 == 0:
            spent = (time.monotonic() - started) / max(until - started, 1e-9)
            told = max(told, min(0.99, max(spent, tiles.proven(best.bar), 1e-3)))
            progress(told)
    progress(1.0)
    return FoundPairs(best.pairs, best.strengths, tiles.proven(best.bar))


class _Tiles:
    """Balanced factors in blocks of falling length, and the bound of every tile."""

    def __init__(self, left: Tensor, right: Tensor) -> None:
        balanced_left, balanced_right = balance(left, right)
        self.rows, self.left, row_bounds = _sorted_blocks(balanced_left, TILE_ROWS)
        self.columns, self.right, column_bounds = _sorted_blocks(balanced_right, TILE_COLUMNS)
        self.n_columns = len(self.right)
        bounds = (row_bounds[:, None] * column_bounds[None]).flatten()
        self.margins = bounds * ROUNDING
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

    def search(self, tile: int, best: "_Best") -> None:
        """Look through one tile for entries that reach the bar, and raise it."""
        row, column = divmod(tile, self.n_columns)
        entries = self.left[row] @ self.right[column].T
        margin = float(self.margins[tile])
        if float(entries.max()) < best.bar - margin:
            return
        flat = entries.flatten()
        is_candidate = flat >= best.bar - margin
        if int(is_candidate.sum()) > CANDIDATES_AT_ONCE:
            best.offer(self._pairs(row, column, flat.topk(CANDIDATES_AT_ONCE).indices))
            is_candidate = flat >= best.bar - margin
        for some in torch.split(is_candidate.nonzero()[:, 0], CANDIDATES_AT_ONCE):
            best.offer(self._pairs(row, column, some))

    def _pairs(self, row: int, column: int, places: Tensor) -> Tensor:
        columns = self.columns[column]
        return torch.stack([self.rows[row][places // len(columns)], columns[places % len(columns)]], dim=-1)


class _Best:
    """The largest entries so far, exactly."""

    def __init__(self, left: Tensor, right: Tensor, top: int, keep: Callable[[Pairs], Tensor] | None) -> None:
        self._left, self._right, self._top, self._keep = left, right, top, keep
        self.pairs = torch.zeros(0, 2, dtype=torch.long, device=left.device)
        self.strengths = torch.zeros(0, dtype=torch.float64, device=left.device)
        self.bar = float("-inf")
        """What an entry must reach to be one of them."""

    def offer(self, pairs: Tensor) -> None:
        """Take those that are among the largest; what was offered before counts once."""
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


def _sorted_blocks(factor: Tensor, size: int) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Blocks of rows, longest first: the places of the rows, the rows in single precision, their longest."""
    lengths = factor.norm(dim=-1)
    order = lengths.argsort(descending=True, stable=True)
    places = list(torch.split(order, size))
    return places, [factor[some].float() for some in places], lengths[order[::size]].cpu()


def _first_of_each(numbers: Tensor) -> Tensor:
    """Where each different number comes first."""
    ordered, places = numbers.sort(stable=True)
    is_first = torch.ones_like(ordered, dtype=torch.bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return places[is_first]
