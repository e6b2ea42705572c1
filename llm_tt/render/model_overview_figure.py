"""What every head and every MLP adds to a target, as a map.

Behind the heads stand what attention adds beside them, where a model has such a bias, and the MLPs.
"""

import math
from collections.abc import Mapping
from html import escape
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from llm_tt.anatomy.model_overview import CellTokens, ModelOverview
from llm_tt.render.colours import QUIET
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
from llm_tt.render.part_words import NO_NAMES, Names, named, title_of
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import weight_text
from llm_tt.tracing.parts import Part

OverviewValue = Literal["contribution", "norm"]

OVERVIEW_VALUES: Final[dict[str, str]] = {
    "contribution": "What each adds to the target's logit, final norm frozen: blue for it, orange against.",
    "norm": "Length of the vector that each writes.",
}
"""What the colours may stand for, each in one sentence; the first is the default."""

ROUNDING: Final = 1e-5
"""Of the largest number of its sort: a bias below it is none."""

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
    borders = _borders(overview, edges)
    centres = {column: (a + b) / 2 for column, a, b in zip(columns, edges[::2], edges[1::2], strict=True)}
    has_numbers = has_room_for_numbers(borders, pixels, overview.n_layers)
    grid = _with_gap(overview, _numbers(overview, value)[:, columns])
    signed = value == "contribution"
    cells = colours(
        grid, borders, is_signed=signed, has_numbers=has_numbers, ticks=_ticks(grid, is_signed=signed)
    )
    figure = map_of(
        [
            cells,
            *([numbers(_texts(grid, is_signed=signed), borders)] if has_numbers else []),
            _markers(overview, centres, names),
        ],
        overview.n_layers,
        edges,
        _labels(overview, centres, column_pixels(edges, pixels)),
    )
    if len(layers):
        quiet = {"color": QUIET, "width": 1.5, "dash": "dot"}
        ends = {"y0": layers.start - 0.5, "y1": layers.stop - 0.5}
        figure.add_shape(type="rect", x0=edges[0], x1=edges[-1], line=quiet, **ends)
    _mark_chosen(figure, overview, chosen, columns, edges)
    return figure


def shown_columns(overview: ModelOverview) -> list[int]:
    """All heads, the MLP, and the attention bias where there is one."""
    bias, limit = overview.column(_OF_BIAS), ROUNDING * float(overview.norms.max(initial=0.0))
    has_bias = bool((overview.norms[:, bias] > limit).any())
    return [column for column in range(len(overview.columns)) if column != bias or has_bias]


def _edges(overview: ModelOverview, columns: list[int]) -> list[float]:
    """Left and right end of each column in turn."""
    shifts = [column if column < overview.n_heads else column + GAP for column in range(len(columns))]
    return [edge for shift in shifts for edge in (shift - 0.5, shift + 0.5)]


def _numbers(overview: ModelOverview, value: OverviewValue) -> Grid:
    return overview.contributions if value == "contribution" else overview.norms


def _with_gap(overview: ModelOverview, grid: Grid) -> Float[np.ndarray, "layer wider"]:
    gap = np.full((overview.n_layers, 1), np.nan)
    return np.hstack([grid[:, : overview.n_heads], gap, grid[:, overview.n_heads :]])


def _ticks(grid: Grid, *, is_signed: bool) -> dict[str, Any]:
    mark = _round_below(float(np.nanmax(np.abs(grid), initial=0.0)) or 1.0)
    return {
        "tickvals": [*([-mark] if is_signed else []), 0, mark],
        "tickformat": "+~g" if is_signed else "~g",
    }


def _round_below(number: float) -> float:
    """The number's first figure: 9 of 9.79, 0.03 of 0.0321."""
    exponent = math.floor(math.log10(number))
    return float(f"{math.floor(number / 10.0**exponent)}e{exponent}")


def _texts(grid: Grid, *, is_signed: bool) -> list[list[str]]:
    """The number of each cell; nothing in the gap."""
    form = "+z.2f" if is_signed else ".2f"
    return [
        ["" if np.isnan(number) else format(number, form).replace("-", "\N{MINUS SIGN}") for number in row]
        for row in grid
    ]


def _borders(overview: ModelOverview, edges: list[float]) -> list[float]:
    """Of all columns, the gap behind the heads included."""
    last = 2 * overview.n_heads
    return [*edges[:last:2], edges[last - 1], *edges[last::2], edges[-1]]


def _markers(overview: ModelOverview, centres: Mapping[int, float], names: Names) -> go.Scatter:
    places = [(layer, column) for layer in range(overview.n_layers) for column in centres]
    return markers(
        [(centres[column], layer) for layer, column in places],
        [str(overview.part(*place)) for place in places],
        [_hover(overview, layer, column, names) for layer, column in places],
    )


def _hover(overview: ModelOverview, layer: int, column: int, names: Names) -> str:
    cell = layer, column
    lines = [
        _name(overview, layer, column, names),
        f"adds {weight_text(float(overview.contributions[cell]), 'logits')}",
        f"length {overview.norms[cell]:.3g}",
    ]
    bias = float(overview.mlp_bias[layer])
    if overview.columns[column] == "MLP" and overview.mlp_bias_norms[layer] > 0:
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


def _labels(overview: ModelOverview, centres: Mapping[int, float], width: float) -> dict[str, Any]:
    heads = labelled_heads(overview.n_heads, width)
    shown = [*heads, *(column for column in centres if column >= overview.n_heads)]
    return {
        "tickvals": [centres[column] for column in shown],
        "ticktext": [overview.columns[column] for column in shown],
    }


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
    place = 2 * columns.index(column)
    mark(figure, edges[place], edges[place + 1], chosen.layer)
