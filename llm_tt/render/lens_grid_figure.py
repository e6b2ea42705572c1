"""What every state of a prompt predicts, as a map: one column a position, one row a layer, upwards.

Each cell can be clicked and says so by the name of its state. Streamlit reports no clicks on heat maps, so
invisible markers lie over the cells; and on a dark page plotly writes dark letters into cells that are nearly
see-through, so the letters are a map of their own, without numbers, which it writes for the page behind.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from llm_tt.lens.lens_grid import LensGrid
from llm_tt.render.colours import CHOSEN, QUIET
from llm_tt.render.number_words import percent_text
from llm_tt.render.position_axis import category_names, label_pixels, position_axis, position_name
from llm_tt.render.round_numbers import share_ticks
from llm_tt.render.token_path_figure import state_name
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

CellValue = Literal["target", "rank", "top", "entropy"]

CELL_VALUES: Final[dict[str, str]] = {
    "target": "Probability of the target.",
    "rank": "Rank of the target; the best is the most intense.",
    "top": "Probability of the most likely token.",
    "entropy": "How undecided the prediction is, in nats.",
}
"""What the colours may stand for, each in one sentence; the first is the default."""

MOST_COLUMNS: Final = 120
"""Of longer prompts a window around the target is drawn."""
ROW: Final = 22.0
"""Pixels of a row, while there are few."""
TALLEST: Final = 560
"""Pixels that all rows share."""
PIXELS_PER_LETTER: Final = 6.5
FEWEST_LETTERS: Final = 5
"""Where fewer fit, cells are left without text."""
MOST_LETTERS: Final = 12
LABELS: Final = 0.4
"""Of the expected width, what the labels below are made for: on a telephone they must not overlap either."""
INTENSITIES: Final = ((0.0, "rgba(46,134,209,0)"), (1.0, "rgba(46,134,209,0.72)"))
"""Never full, so that letters of the page's own colour can be read on every cell."""
INVISIBLE: Final = {"opacity": 0}


def shown_positions(n_positions: int, target: int) -> range:
    """The columns that are drawn: all, or of long prompts a window that has the target in it."""
    if n_positions <= MOST_COLUMNS:
        return range(n_positions)
    start = min(max(0, target - MOST_COLUMNS // 2), n_positions - MOST_COLUMNS)
    return range(start, start + MOST_COLUMNS)


def lens_grid_figure(  # noqa: PLR0913 (what is shown, and what is marked)
    grid: LensGrid,
    tokens: Sequence[str],
    *,
    target: int,
    value: CellValue = "target",
    chosen: Part | None = None,
    pixels: int = 700,
) -> go.Figure:
    """The map, with the target's position and what was chosen framed.

    `pixels` is the width that may be expected; on a narrower page the letters shrink.
    """
    shown, names = shown_positions(len(tokens), target), category_names(tokens)
    columns = [names[position] for position in shown]
    room = round(LABELS * pixels * len(tokens) / len(shown))
    across = position_axis(tokens, room, {target} if chosen is None else {target, chosen.position})
    across["range"] = (shown.start - 0.5, shown.stop - 0.5)
    row_pixels = min(ROW, TALLEST / len(grid.rows))
    letters = _letters(grid, columns, shown, int(pixels / len(shown) / PIXELS_PER_LETTER), row_pixels)
    figure = go.Figure(
        [_colours(grid, columns, shown, value), *letters, _cells(grid, tokens, columns, shown)]
    )
    below, window = label_pixels(across), len(shown) < len(tokens)
    figure.update_layout(
        height=round(row_pixels * len(grid.rows)) + below + (28 if window else 8),
        margin={"l": 54, "r": 0, "t": 26 if window else 6, "b": below},
        showlegend=False,
        hovermode="closest",
        hoverdistance=-1,  # the nearest marker is that of the cell, wherever it is hit
        hoverlabel={"align": "left"},
        dragmode=False,
        xaxis={**across, "tickangle": -90, "automargin": False, "fixedrange": True},
        yaxis=_layer_axis(grid, row_pixels),
    )
    if window:
        _say_window(figure, shown, len(tokens))
    _mark_target(figure, grid, shown, target)
    if chosen is not None and chosen.position in shown:
        _mark_chosen(figure, grid, shown, chosen, has_guides=not letters)
    return figure


def _colours(grid: LensGrid, columns: list[str], shown: range, value: CellValue) -> go.Heatmap:
    numbers, least, largest = _numbers(grid, value)
    numbers = numbers[:, shown.start : shown.stop]
    if value == "target":
        largest = float(numbers.max()) or 1.0
    ticks: dict[str, Any] = {"tickformat": ".1f"}
    if value == "rank":
        exponents = range(math.ceil(-least))
        ticks = {"tickvals": [-e for e in exponents], "ticktext": [f"{10**e:,}" for e in exponents]}
    elif value != "entropy":
        ticks = share_ticks(0.0, largest)
    return go.Heatmap(
        z=numbers,
        x=columns,
        y=list(range(len(grid.rows))),
        zmin=least,
        zmax=largest,
        colorscale=INTENSITIES,
        hoverinfo="skip",
        colorbar={"thickness": 8, "outlinewidth": 0, "nticks": 5, "tickfont": {"size": 11}, **ticks},
    )


def _numbers(grid: LensGrid, value: CellValue) -> tuple[Float[np.ndarray, "row pos"], float, float]:
    """What the colours stand for, from the least that it can be to the most."""
    match value:
        case "target":
            return grid.target_probabilities, 0.0, 1.0
        case "top":
            return grid.probabilities, 0.0, 1.0
        case "entropy":
            return grid.entropies, 0.0, math.log(grid.n_vocabulary)
        case "rank":  # on a logarithmic scale; the best is the most
            return -np.log10(grid.target_ranks), -math.log10(grid.n_vocabulary), 0.0


def _letters(
    grid: LensGrid, columns: list[str], shown: range, n_letters: int, row_pixels: float
) -> list[go.Heatmap]:
    """The most likely token of each cell, as large as fits; none where nothing would be readable."""
    if n_letters < FEWEST_LETTERS or row_pixels < ROW / 2:
        return []
    n_letters = min(n_letters, MOST_LETTERS)
    texts = [[_cut(row[position], n_letters) for position in shown] for row in grid.tokens]
    nothing = [None] * len(shown)
    return [
        go.Heatmap(
            # plotly leaves out a map without any number: there is one row of them, out of sight
            z=[[0] * len(shown), *(nothing for _ in texts)],
            x=columns,
            y=list(range(-1, len(texts))),
            text=[[""] * len(shown), *texts],
            texttemplate="%{text}",
            colorscale=INTENSITIES,
            showscale=False,
            hoverinfo="skip",
        )
    ]


def _cells(grid: LensGrid, tokens: Sequence[str], columns: list[str], shown: range) -> go.Scatter:
    """What is hovered and clicked."""
    places = [(row, position) for row in range(len(grid.rows)) for position in shown]
    return go.Scatter(
        x=columns * len(grid.rows),
        y=[row for row, _ in places],
        mode="markers",
        marker={"symbol": "square", "size": 14, "opacity": 0},
        selected={"marker": INVISIBLE},
        unselected={"marker": INVISIBLE},
        customdata=[str(grid.part(row, position)) for row, position in places],
        hovertext=[_hover(grid, tokens, row, position) for row, position in places],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(grid: LensGrid, tokens: Sequence[str], row: int, position: int) -> str:
    here, cell = position_name(position, tokens[position]), (row, position)
    best, target = visible_token(grid.tokens[row][position]), visible_token(grid.target_tokens[position])
    lines = (
        f"{state_name(grid.part(row, position))} at {here}",
        f"predicts {best}: {percent_text(grid.probabilities[cell])}, entropy {grid.entropies[cell]:.1f} nats",
        f"{target}: rank {grid.target_ranks[cell]:,}, {percent_text(grid.target_probabilities[cell], 2)}",
    )
    return "<br>".join(escape(line, quote=False) for line in lines)


def _layer_axis(grid: LensGrid, row_pixels: float) -> dict[str, Any]:
    step = max(1, math.ceil(13 / row_pixels))
    labelled = list(range(0, len(grid.rows), step))
    return {
        "range": (-0.5, len(grid.rows) - 0.5),
        "tickvals": labelled,
        "ticktext": [state_name(grid.part(row, 0)).removesuffix(".post") for row in labelled],
        "tickfont": {"size": 11},
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
        "fixedrange": True,
    }


def _say_window(figure: go.Figure, shown: range, n_positions: int) -> None:
    figure.add_annotation(
        text=f"positions {shown.start} to {shown.stop - 1} of {n_positions}",
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": 12},
    )


def _mark_target(figure: go.Figure, grid: LensGrid, shown: range, target: int) -> None:
    """A quiet frame around its column."""
    if target in shown:
        quiet = {"color": QUIET, "width": 1, "dash": "dot"}
        ends = {"y0": -0.5, "y1": len(grid.rows) - 0.5}
        figure.add_shape(type="rect", x0=target - 0.5, x1=target + 0.5, line=quiet, **ends)


def _mark_chosen(figure: go.Figure, grid: LensGrid, shown: range, chosen: Part, *, has_guides: bool) -> None:
    """A frame around its cell; where cells are small, lines lead there from its two labels.

    Of a component, and of a state without a row of its own, the cell is that of its layer.
    """
    of_layer = [row for row, (layer, _) in enumerate(grid.rows) if layer == chosen.layer]
    exact = [row for row in of_layer if grid.rows[row][1] == chosen.stage]
    if not of_layer:
        return
    row, column = (exact or of_layer)[-1], chosen.position
    around = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    figure.add_shape(type="rect", line={"color": CHOSEN, "width": 2}, **around)
    if has_guides:
        guide = {"color": CHOSEN, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=shown.start - 0.5, x1=column - 0.5, y0=row, y1=row, line=guide)
        figure.add_shape(type="line", x0=column, x1=column, y0=-0.5, y1=row - 0.5, line=guide)


def _cut(token: str, n_letters: int) -> str:
    """As plain text. Plotly reads labels as HTML, and counts their escapes when it makes letters fit."""
    text = visible_token(token)
    if len(escape(text, quote=False)) <= n_letters:
        return escape(text, quote=False)
    n_kept = n_letters - 1
    while len(escape(text[:n_kept], quote=False)) > n_letters - 1:
        n_kept -= 1
    return escape(text[:n_kept], quote=False) + "…"
