"""A map of heads and MLPs over many prompts; a difference that may be chance has its number in brackets."""

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from llm_tt.render.head_map import (
    GAP,
    Grid,
    colours,
    column_pixels,
    has_room_for_numbers,
    labelled_heads,
    map_of,
    mark,
    markers,
    numbers,
)
from llm_tt.render.role_cells import Cell, RoleMap
from llm_tt.render.round_numbers import share_ticks


def role_map_figure(shown: RoleMap, *, chosen: str | None = None, pixels: int = 700) -> go.Figure:
    """The map. `pixels` is the width that may be expected: where it is enough, numbers stand in the cells."""
    n_layers = 1 + max((cell.layer for cell in shown.cells), default=0)
    n_heads = 1 + max((cell.head for cell in shown.cells if cell.head is not None), default=0)
    has_mlps = any(cell.head is None for cell in shown.cells)
    edges = [-0.5 + column for column in range(n_heads + 1)]
    if has_mlps:
        edges += [n_heads - 0.5 + GAP, n_heads + 0.5 + GAP]
    has_numbers = has_room_for_numbers(edges, pixels, n_layers)
    grid = _laid_out(shown, n_layers, n_heads, has_mlps=has_mlps)
    cells = colours(
        grid, edges, is_signed=shown.is_signed, has_numbers=has_numbers, ticks=_ticks(shown, grid)
    )
    heads = labelled_heads(n_heads, column_pixels(edges, pixels))
    labels = {
        "tickvals": [*heads, *([n_heads + GAP] if has_mlps else [])],
        "ticktext": [*(f"H{head}" for head in heads), *(["MLP"] if has_mlps else [])],
    }
    texts = [numbers(_texts(shown, grid), edges)] if has_numbers else []
    figure = map_of([cells, *texts, _markers(shown, n_heads)], n_layers, edges, labels)
    for cell in shown.cells:
        if cell.component == chosen:
            x = _place(cell, n_heads)
            mark(figure, x - 0.5, x + 0.5, cell.layer)
    return figure


def _laid_out(shown: RoleMap, n_layers: int, n_heads: int, *, has_mlps: bool) -> Grid:
    """Numbers by layer and column, the gap included; NaN where nothing is."""
    grid = np.full((n_layers, n_heads + (2 if has_mlps else 0)), np.nan)
    for cell in shown.cells:
        grid[cell.layer, n_heads + 1 if cell.head is None else cell.head] = cell.number
    return grid


def _ticks(shown: RoleMap, grid: Grid) -> dict[str, Any]:
    largest = float(np.nanmax(np.abs(grid), initial=0.0)) or 1.0
    least = -largest if shown.is_signed else 0.0
    if shown.is_share:
        return share_ticks(least, largest, most=4, is_change=shown.is_signed)
    return {"nticks": 4, "tickformat": "+~g" if shown.is_signed else "~g"}


def _texts(shown: RoleMap, grid: Grid) -> list[list[str]]:
    texts = [[""] * grid.shape[1] for _ in grid]
    for cell in shown.cells:
        column = grid.shape[1] - 1 if cell.head is None else cell.head
        texts[cell.layer][column] = _number(cell, shown)
    return texts


def _number(cell: Cell, shown: RoleMap) -> str:
    """Shares in per cent, as the bar beside the map says."""
    number = 100 * cell.number if shown.is_share else cell.number
    decimals = 0 if abs(number) >= 9.95 else 1
    text = format(number, f"{'+' if shown.is_signed else ''}.{decimals}f").replace("-", "\N{MINUS SIGN}")
    return text if cell.is_sure else f"({text})"


def _markers(shown: RoleMap, n_heads: int) -> go.Scatter:
    return markers(
        [(_place(cell, n_heads), cell.layer) for cell in shown.cells],
        [cell.component for cell in shown.cells],
        ["<br>".join(escape(line, quote=False) for line in cell.lines) for cell in shown.cells],
    )


def _place(cell: Cell, n_heads: int) -> float:
    return n_heads + GAP if cell.head is None else float(cell.head)
