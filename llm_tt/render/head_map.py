"""What all maps of heads and MLPs are made of: one row a layer, upwards; one column a head, others behind.

Invisible markers lie over the cells to be clicked, and numbers are a map of their own, which plotly writes
for the page behind.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from llm_tt.render.colours import AMOUNTS, CHOSEN, SIGNED

Grid = Float[np.ndarray, "layer column"]
"""The gap between heads and others is a column, too; NaN where nothing is."""

ROW: Final = 28.0
"""Pixels of a row, while there are few."""
TALLEST: Final = 600
"""Pixels that all rows share."""
GAP: Final = 0.4
"""Of a column, between the heads and what is none."""
LETTERS: Final = 44
"""Pixels of a column in which a number has room."""
LABEL: Final = 30
"""Pixels that the label of a column needs."""
OPACITY: Final = 0.75
"""Where numbers stand on the cells: never full, so that the page's own colour can be read there."""
_INVISIBLE: Final = {"opacity": 0}


def row_pixels(n_layers: int) -> float:
    """The height of a row."""
    return min(ROW, TALLEST / n_layers)


def column_pixels(edges: Sequence[float], pixels: int) -> float:
    """The width of a column, where a map of so many pixels may be expected."""
    return 0.85 * pixels / (edges[-1] - edges[0])


def has_room_for_numbers(edges: Sequence[float], pixels: int, n_layers: int) -> bool:
    """Whether they can be read in the cells."""
    return column_pixels(edges, pixels) >= LETTERS and row_pixels(n_layers) >= ROW / 2


def colours(
    grid: Grid, edges: list[float], *, is_signed: bool, has_numbers: bool, ticks: dict[str, Any]
) -> go.Heatmap:
    """The cells, and the bar that says what their colours mean."""
    largest = float(np.nanmax(np.abs(grid), initial=0.0)) or 1.0
    return go.Heatmap(
        z=grid,
        x=edges,
        y=list(range(len(grid))),
        zmin=-largest if is_signed else 0.0,
        zmax=largest,
        colorscale=SIGNED if is_signed else AMOUNTS,
        opacity=OPACITY if has_numbers else 1.0,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        hoverongaps=False,
        colorbar={"thickness": 8, "outlinewidth": 0, "tickfont": {"size": 11}, **ticks},
    )


def numbers(texts: list[list[str]], edges: list[float]) -> go.Heatmap:
    """What stands in each cell."""
    width = len(edges) - 1
    return go.Heatmap(
        # plotly leaves out a map without any number: there is one row of them, out of sight
        z=[[0] * width, *([None] * width for _ in texts)],
        x=edges,
        y=list(range(-1, len(texts))),
        text=[[""] * width, *texts],
        texttemplate="%{text}",
        textfont={"size": 11},
        colorscale=AMOUNTS,
        showscale=False,
        hoverinfo="skip",
    )


def markers(places: list[tuple[float, int]], names: list[str], cards: list[str]) -> go.Scatter:
    """What is hovered and clicked: the names come back, the cards are HTML."""
    return go.Scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        mode="markers",
        marker={"symbol": "square", "size": 14, "opacity": 0},
        selected={"marker": _INVISIBLE},
        unselected={"marker": _INVISIBLE},
        customdata=names,
        hovertext=cards,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def map_of(
    layers: list[go.Heatmap | go.Scatter], n_layers: int, edges: Sequence[float], labels: dict[str, Any]
) -> go.Figure:
    """The figure; `labels` are plotly's own, of the columns."""
    figure = go.Figure(layers)
    figure.update_layout(
        height=round(row_pixels(n_layers) * n_layers) + 34,
        margin={"l": 40, "r": 0, "t": 6, "b": 28},
        showlegend=False,
        hovermode="closest",
        hoverdistance=-1,  # the nearest marker is that of the cell, wherever it is hit
        hoverlabel={"align": "left"},
        dragmode=False,
        xaxis={"range": (edges[0], edges[-1]), "tickangle": 0, **labels, **_BARE},
        yaxis=_layer_axis(n_layers),
    )
    return figure


def labelled_heads(n_heads: int, width: float) -> list[int]:
    """All heads, or some where columns are narrow; the label behind them must have room, too."""
    step = max(1, math.ceil(LABEL / width))
    return [head for head in range(0, n_heads, step) if (n_heads - head) * width >= LABEL]


def mark(figure: go.Figure, left: float, right: float, layer: int) -> None:
    """A frame around the chosen cell."""
    ends = {"x0": left, "x1": right, "y0": layer - 0.5, "y1": layer + 0.5}
    figure.add_shape(type="rect", line={"color": CHOSEN, "width": 2}, **ends)


_BARE: Final = {
    "ticks": "",
    "showgrid": False,
    "zeroline": False,
    "automargin": False,
    "fixedrange": True,
    "tickfont": {"size": 11},
}


def _layer_axis(n_layers: int) -> dict[str, Any]:
    labelled = list(range(0, n_layers, max(1, math.ceil(13 / row_pixels(n_layers)))))
    return {
        "range": (-0.5, n_layers - 0.5),
        "tickvals": labelled,
        "ticktext": [f"L{layer}" for layer in labelled],
        **_BARE,
    }
