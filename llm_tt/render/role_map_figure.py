"""A map of heads and MLPs over many prompts: one row a layer, upwards; one column a head, MLPs behind them.

As on the other maps, invisible markers lie over the cells to be clicked, and numbers are a map of their own,
which plotly writes for the page behind. A difference that may be chance has its number in brackets.
"""

import math
from html import escape
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from llm_tt.render.colours import AMOUNTS, CHOSEN, SIGNED
from llm_tt.render.role_cells import Cell, RoleMap

ROW: Final = 28.0
"""Pixels of a row, while there are few."""
TALLEST: Final = 600
"""Pixels that all rows share."""
GAP: Final = 0.4
"""Of a column, between the heads and the MLPs."""
LETTERS: Final = 42
"""Pixels of a column in which a number has room."""
LABEL: Final = 30
"""Pixels that the label of a column needs."""
OPACITY: Final = 0.75
"""Where numbers stand on the cells: never full, so that the page's own colour can be read there."""
INVISIBLE: Final = {"opacity": 0}
NOTHING: Final = 1e-9


def role_map_figure(shown: RoleMap, *, chosen: str | None = None, pixels: int = 700) -> go.Figure:
    """The map. `pixels` is the width that may be expected: where it is enough, numbers stand in the cells."""
    n_layers = 1 + max((cell.layer for cell in shown.cells), default=0)
    n_heads = 1 + max((cell.head for cell in shown.cells if cell.head is not None), default=0)
    has_mlps = any(cell.head is None for cell in shown.cells)
    edges = [-0.5 + column for column in range(n_heads + 1)]
    if has_mlps:
        edges += [n_heads - 0.5 + GAP, n_heads + 0.5 + GAP]
    row_pixels = min(ROW, TALLEST / n_layers)
    column_pixels = 0.85 * pixels / (edges[-1] - edges[0])
    has_letters = column_pixels >= LETTERS and row_pixels >= ROW / 2
    grid = _laid_out(shown, n_layers, n_heads, has_mlps=has_mlps)
    figure = go.Figure(
        [
            _colours(shown, grid, edges, OPACITY if has_letters else 1.0),
            *([_letters(shown, grid, edges)] if has_letters else []),
            _markers(shown, n_heads),
        ]
    )
    figure.update_layout(
        height=round(row_pixels * n_layers) + 34,
        margin={"l": 40, "r": 0, "t": 6, "b": 28},
        showlegend=False,
        hovermode="closest",
        hoverdistance=-1,  # the nearest marker is that of the cell, wherever it is hit
        hoverlabel={"align": "left"},
        dragmode=False,
        xaxis=_column_axis(n_heads, edges, column_pixels, has_mlps=has_mlps),
        yaxis=_layer_axis(n_layers, row_pixels),
    )
    _mark(figure, shown, chosen, n_heads)
    return figure


Grid = Float[np.ndarray, "layer column"]


def _laid_out(shown: RoleMap, n_layers: int, n_heads: int, *, has_mlps: bool) -> Grid:
    """Numbers by layer and column, the gap included; NaN where nothing is."""
    grid = np.full((n_layers, n_heads + (2 if has_mlps else 0)), np.nan)
    for cell in shown.cells:
        grid[cell.layer, n_heads + 1 if cell.head is None else cell.head] = cell.number
    return grid


def _colours(shown: RoleMap, grid: Grid, edges: list[float], opacity: float) -> go.Heatmap:
    largest = float(np.nanmax(np.abs(grid), initial=0.0)) or 1.0
    form = ".0%" if shown.is_share and largest >= 0.02 else ".1%" if shown.is_share else "~g"
    return go.Heatmap(
        z=grid,
        x=edges,
        y=list(range(len(grid))),
        zmin=-largest if shown.is_signed else 0.0,
        zmax=largest,
        colorscale=SIGNED if shown.is_signed else AMOUNTS,
        opacity=opacity,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        hoverongaps=False,
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "nticks": 4,
            "tickfont": {"size": 11},
            "tickformat": ("+" if shown.is_signed else "") + form,
        },
    )


def _letters(shown: RoleMap, grid: Grid, edges: list[float]) -> go.Heatmap:
    texts = [[""] * grid.shape[1] for _ in grid]
    for cell in shown.cells:
        column = grid.shape[1] - 1 if cell.head is None else cell.head
        texts[cell.layer][column] = _number(cell, shown)
    nothing = [None] * grid.shape[1]
    return go.Heatmap(
        # plotly leaves out a map without any number: there is one row of them, out of sight
        z=[[0] * grid.shape[1], *(nothing for _ in texts)],
        x=edges,
        y=list(range(-1, len(texts))),
        text=[[""] * grid.shape[1], *texts],
        texttemplate="%{text}",
        textfont={"size": 11},
        colorscale=AMOUNTS,
        showscale=False,
        hoverinfo="skip",
    )


def _number(cell: Cell, shown: RoleMap) -> str:
    """Shares in per cent, as the bar beside the map says."""
    number = 100 * cell.number if shown.is_share else cell.number
    decimals = 0 if abs(number) >= 9.95 else 1
    text = format(number, f"{'+' if shown.is_signed else ''}.{decimals}f").replace("-", "\N{MINUS SIGN}")
    return text if cell.is_sure else f"({text})"


def _markers(shown: RoleMap, n_heads: int) -> go.Scatter:
    """What is hovered and clicked."""
    return go.Scatter(
        x=[_place(cell, n_heads) for cell in shown.cells],
        y=[cell.layer for cell in shown.cells],
        mode="markers",
        marker={"symbol": "square", "size": 14, "opacity": 0},
        selected={"marker": INVISIBLE},
        unselected={"marker": INVISIBLE},
        customdata=[cell.component for cell in shown.cells],
        hovertext=["<br>".join(escape(line, quote=False) for line in cell.lines) for cell in shown.cells],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _place(cell: Cell, n_heads: int) -> float:
    return n_heads + GAP if cell.head is None else float(cell.head)


def _column_axis(n_heads: int, edges: list[float], column_pixels: float, *, has_mlps: bool) -> dict[str, Any]:
    """Labels of all heads, or of some where columns are narrow; beside the MLPs' own there must be room."""
    step = max(1, math.ceil(LABEL / column_pixels))
    heads = [head for head in range(0, n_heads, step) if (n_heads - head) * column_pixels >= LABEL]
    return {
        "range": (edges[0], edges[-1]),
        "tickvals": [*heads, *([n_heads + GAP] if has_mlps else [])],
        "ticktext": [*(f"H{head}" for head in heads), *(["MLP"] if has_mlps else [])],
        "tickangle": 0,
        **_bare(),
    }


def _layer_axis(n_layers: int, row_pixels: float) -> dict[str, Any]:
    labelled = list(range(0, n_layers, max(1, math.ceil(13 / row_pixels))))
    return {
        "range": (-0.5, n_layers - 0.5),
        "tickvals": labelled,
        "ticktext": [f"L{layer}" for layer in labelled],
        **_bare(),
    }


def _bare() -> dict[str, Any]:
    return {
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
        "fixedrange": True,
        "tickfont": {"size": 11},
    }


def _mark(figure: go.Figure, shown: RoleMap, chosen: str | None, n_heads: int) -> None:
    """A frame around what was chosen."""
    for cell in shown.cells:
        if cell.component == chosen:
            x, y = _place(cell, n_heads), cell.layer
            ends = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}
            figure.add_shape(type="rect", line={"color": CHOSEN, "width": 2}, **ends)
