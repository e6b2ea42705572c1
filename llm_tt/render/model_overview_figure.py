"""What every head and every MLP adds to a target, as a map: one row a layer, upwards; one column a head.

Behind the heads stand what attention adds beside them, where a model has such a bias, and the MLPs. As on the
map of the lens, invisible markers lie over the cells to be clicked, and numbers are a map of their own.
"""

import math
from collections.abc import Mapping
from html import escape
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from llm_tt.anatomy.model_overview import CellTokens, ModelOverview
from llm_tt.render.colours import AMOUNTS, CHOSEN, QUIET, SIGNED
from llm_tt.render.part_words import NO_NAMES, Names, named, title_of
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import weight_text
from llm_tt.tracing.parts import Part

OverviewValue = Literal["contribution", "length"]

OVERVIEW_VALUES: Final[dict[str, str]] = {
    "contribution": "What each adds to the target's logit, final norm frozen: blue for it, orange against.",
    "length": "Length of the vector that each writes.",
}
"""What the colours may stand for, each in one sentence; the first is the default."""

ROW: Final = 26.0
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
ROUNDING: Final = 1e-5
"""Of the largest number of its sort: a bias below it is none."""
INVISIBLE: Final = {"opacity": 0}

_OF_BIAS: Final = "bias"


def model_overview_figure(  # noqa: PLR0913 (what is shown, and what is marked)
    overview: ModelOverview,
    *,
    value: OverviewValue = "contribution",
    layers: range = range(0),
    chosen: Part | None = None,
    names: Names = NO_NAMES,
    pixels: int = 700,
) -> go.Figure:
    """The map, with a range of layers framed quietly, and what was chosen.

    `pixels` is the width that may be expected: where its cells are wide enough, numbers stand in them.
    """
    columns = shown_columns(overview)
    edges = _edges(overview, columns)
    centres = {column: (a + b) / 2 for column, a, b in zip(columns, edges[::2], edges[1::2], strict=True)}
    row_pixels = min(ROW, TALLEST / overview.n_layers)
    column_pixels = 0.85 * pixels / (edges[-1] - edges[0])
    has_letters = column_pixels >= LETTERS and row_pixels >= ROW / 2
    figure = go.Figure(
        [
            _colours(overview, columns, edges, value, OPACITY if has_letters else 1.0),
            *([_letters(overview, columns, edges, value)] if has_letters else []),
            _cells(overview, centres, names),
        ]
    )
    figure.update_layout(
        height=round(row_pixels * overview.n_layers) + 34,
        margin={"l": 40, "r": 0, "t": 6, "b": 28},
        showlegend=False,
        hovermode="closest",
        hoverdistance=-1,  # the nearest marker is that of the cell, wherever it is hit
        hoverlabel={"align": "left"},
        dragmode=False,
        xaxis=_column_axis(overview, centres, edges, column_pixels),
        yaxis=_layer_axis(overview, row_pixels),
    )
    if len(layers):
        quiet = {"color": QUIET, "width": 1.5, "dash": "dot"}
        ends = {"y0": layers.start - 0.5, "y1": layers.stop - 0.5}
        figure.add_shape(type="rect", x0=edges[0], x1=edges[-1], line=quiet, **ends)
    _mark_chosen(figure, overview, chosen, columns, edges)
    return figure


def shown_columns(overview: ModelOverview) -> list[int]:
    """All heads, the MLP, and the attention bias where there is one."""
    bias, limit = overview.column(_OF_BIAS), ROUNDING * float(overview.lengths.max(initial=0.0))
    has_bias = bool((overview.lengths[:, bias] > limit).any())
    return [column for column in range(len(overview.columns)) if column != bias or has_bias]


def _edges(overview: ModelOverview, columns: list[int]) -> list[float]:
    """Left and right end of each column in turn."""
    shifts = [column if column < overview.n_heads else column + GAP for column in range(len(columns))]
    return [edge for shift in shifts for edge in (shift - 0.5, shift + 0.5)]


def _numbers(overview: ModelOverview, value: OverviewValue) -> Float[np.ndarray, "layer column"]:
    return overview.contributions if value == "contribution" else overview.lengths


def _colours(
    overview: ModelOverview, columns: list[int], edges: list[float], value: OverviewValue, opacity: float
) -> go.Heatmap:
    numbers = _numbers(overview, value)[:, columns]
    largest = float(np.abs(numbers).max(initial=0.0)) or 1.0
    signed = value == "contribution"
    mark = _round_below(largest)
    gap = np.full((overview.n_layers, 1), np.nan)
    return go.Heatmap(
        z=np.hstack([numbers[:, : overview.n_heads], gap, numbers[:, overview.n_heads :]]),
        x=_borders(overview, edges),
        y=list(range(overview.n_layers)),
        zmin=-largest if signed else 0.0,
        zmax=largest,
        colorscale=SIGNED if signed else AMOUNTS,
        opacity=opacity,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        hoverongaps=False,
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "tickvals": [*([-mark] if signed else []), 0, mark],
            "tickfont": {"size": 11},
            "tickformat": "+~g" if signed else "~g",
        },
    )


def _round_below(number: float) -> float:
    """The number's first figure: 9 of 9.79, 0.03 of 0.0321."""
    exponent = math.floor(math.log10(number))
    return float(f"{math.floor(number / 10.0**exponent)}e{exponent}")


def _letters(
    overview: ModelOverview, columns: list[int], edges: list[float], value: OverviewValue
) -> go.Heatmap:
    """The number of each cell; nothing in the gap."""
    form = "+z.2f" if value == "contribution" else ".2f"
    texts = [
        [format(number, form).replace("-", "\N{MINUS SIGN}") for number in row[columns]]
        for row in _numbers(overview, value)
    ]
    rows = [[*row[: overview.n_heads], "", *row[overview.n_heads :]] for row in texts]
    width = len(columns) + 1
    return go.Heatmap(
        # plotly leaves out a map without any number: there is one row of them, out of sight
        z=[[0] * width, *([None] * width for _ in rows)],
        x=_borders(overview, edges),
        y=list(range(-1, len(rows))),
        text=[[""] * width, *rows],
        texttemplate="%{text}",
        textfont={"size": 11},
        colorscale=AMOUNTS,
        showscale=False,
        hoverinfo="skip",
    )


def _borders(overview: ModelOverview, edges: list[float]) -> list[float]:
    """Of all columns, the gap behind the heads included."""
    last = 2 * overview.n_heads
    return [*edges[:last:2], edges[last - 1], *edges[last::2], edges[-1]]


def _cells(overview: ModelOverview, centres: Mapping[int, float], names: Names) -> go.Scatter:
    """What is hovered and clicked."""
    places = [(layer, column) for layer in range(overview.n_layers) for column in centres]
    return go.Scatter(
        x=[centres[column] for _, column in places],
        y=[layer for layer, _ in places],
        mode="markers",
        marker={"symbol": "square", "size": 14, "opacity": 0},
        selected={"marker": INVISIBLE},
        unselected={"marker": INVISIBLE},
        customdata=[str(overview.part(*place)) for place in places],
        hovertext=[_hover(overview, layer, column, names) for layer, column in places],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(overview: ModelOverview, layer: int, column: int, names: Names) -> str:
    cell = layer, column
    lines = [
        _name(overview, layer, column, names),
        f"adds {weight_text(float(overview.contributions[cell]), 'logits')}",
        f"length {overview.lengths[cell]:.3g}",
    ]
    bias = float(overview.mlp_bias[layer])
    if overview.columns[column] == "MLP" and overview.mlp_bias_lengths[layer] > 0:
        lines[1] += f", {weight_text(bias, 'logits')} of it by its bias"
    if cell in overview.tokens:
        lines += _token_lines(overview.tokens[cell])
    return "<br>".join(escape(line, quote=False) for line in lines)


def _name(overview: ModelOverview, layer: int, column: int, names: Names) -> str:
    """The title of a head or MLP, with a person's own name; a bias has no other name."""
    if overview.columns[column] == _OF_BIAS:
        return f"Bias of the attention of layer {layer}"
    return named(title_of(overview.part(layer, column)), names)


def _token_lines(tokens: CellTokens) -> list[str]:
    return [
        f"{word} {' '.join(map(visible_token, found))}"
        for word, found in (("promotes", tokens.promoted), ("suppresses", tokens.suppressed))
    ]


def _column_axis(
    overview: ModelOverview, centres: Mapping[int, float], edges: list[float], column_pixels: float
) -> dict[str, Any]:
    """Labels of all columns, or of some heads where they are narrow."""
    step = max(1, math.ceil(LABEL / column_pixels))
    labelled = [column for column in centres if column >= overview.n_heads or column % step == 0]
    # Beside the MLPs' own label there must be room.
    labelled = [
        c for c in labelled if c >= overview.n_heads or (overview.n_heads - c) * column_pixels >= LABEL
    ]
    return {
        "range": (edges[0], edges[-1]),
        "tickvals": [centres[column] for column in labelled],
        "ticktext": [overview.columns[column] for column in labelled],
        "tickfont": {"size": 11},
        "tickangle": 0,
        **_bare(),
    }


def _layer_axis(overview: ModelOverview, row_pixels: float) -> dict[str, Any]:
    labelled = list(range(0, overview.n_layers, max(1, math.ceil(13 / row_pixels))))
    return {
        "range": (-0.5, overview.n_layers - 0.5),
        "tickvals": labelled,
        "ticktext": [f"L{layer}" for layer in labelled],
        "tickfont": {"size": 11},
        **_bare(),
    }


def _bare() -> dict[str, Any]:
    return {"ticks": "", "showgrid": False, "zeroline": False, "automargin": False, "fixedrange": True}


def _mark_chosen(
    figure: go.Figure,
    overview: ModelOverview,
    chosen: Part | None,
    columns: list[int],
    edges: list[float],
) -> None:
    """A frame around its cell; a neuron's is that of its MLP. States and their edges have none."""
    if chosen is None or chosen.position != overview.target.position:
        return
    if chosen.kind in ("head", "message"):
        column = chosen.head
    elif chosen.kind in ("mlp", "neuron"):
        column = overview.column("MLP")
    else:
        return
    if column not in columns or not 0 <= chosen.layer < overview.n_layers:
        return
    place, row = 2 * columns.index(column), chosen.layer
    ends = {"x0": edges[place], "x1": edges[place + 1], "y0": row - 0.5, "y1": row + 0.5}
    figure.add_shape(type="rect", line={"color": CHOSEN, "width": 2}, **ends)
