"""What one head does over a whole prompt, as maps: rows read, columns are read from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from torch import Tensor

from llm_tt.render.colours import AMOUNTS, CHOSEN, SIGNED
from llm_tt.render.position_axis import category_names, label_pixels, position_axis

LARGE_CELLS: Final = 40
"""Up to so many tokens a cell is larger than the frame around it."""
SIDE: Final = 250
"""Pixels that the rows take, without the labels below."""


def attention_map(
    pattern: Float[Tensor, "query key"], tokens: Sequence[str], query: int, key: int | None = None
) -> go.Figure:
    """How much of each key's value a head takes at each query, from nothing to the strongest."""
    return _map(pattern, tokens, query, key, unit=None, hover="attention %{z:.1f} %")


def contribution_map(
    weights: Float[Tensor, "query key"],
    tokens: Sequence[str],
    query: int,
    key: int | None = None,
    *,
    unit: str | None = None,
) -> go.Figure:
    """What each message of a head contributed: shares, or signed in a unit with 0 in the middle."""
    hover = "share %{z:.2f} %" if unit is None else "%{z:+.3f} " + unit
    return _map(weights, tokens, query, key, unit=unit, hover=hover)


def _map(  # noqa: PLR0913 (the numbers and how they are read)
    amounts: Tensor, tokens: Sequence[str], query: int, key: int | None, *, unit: str | None, hover: str
) -> go.Figure:
    signed = unit is not None
    values = amounts.detach().cpu().double().numpy() * (1 if signed else 100)
    largest = float(np.abs(values).max()) or 1.0
    values[np.triu_indices(len(values), 1)] = np.nan  # the future: nothing can be there, so nothing is drawn
    names = category_names(tokens)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=names,
            y=names,
            zmin=-largest if signed else 0,
            zmax=largest,
            colorscale=SIGNED if signed else AMOUNTS,
            hoverongaps=False,
            hovertemplate="from %{x}<br>to %{y}<br>" + hover + "<extra></extra>",
            colorbar={
                "thickness": 8,
                "outlinewidth": 0,
                "nticks": 5,
                "tickformat": "+.2~g" if signed else ".0f" if largest > 5 else ".1f",
                "ticksuffix": "" if signed else " %",
                "tickfont": {"size": 11},
            },
        )
    )
    across = position_axis(tokens, SIDE, [] if key is None else [key])
    down = position_axis(tokens, SIDE, [query])
    below, beside = label_pixels(across), label_pixels(down)
    figure.update_layout(
        height=SIDE + below + 4,
        margin={"l": beside, "r": 0, "t": 4, "b": below},
        xaxis={**across, "tickangle": -90, "automargin": False},
        yaxis={**down, "range": down["range"][::-1], "automargin": False},  # the first token on top
    )
    _mark(figure, len(tokens), query, key)
    return figure


def _mark(figure: go.Figure, n_positions: int, query: int, key: int | None) -> None:
    """A frame around one message, or around everything that reaches a query."""
    small = n_positions > LARGE_CELLS  # then a frame on the cell's own border would hide it
    reach = 1.0 if small else 0.5
    left, right = (0 if key is None else key) - reach, (query if key is None else key) + reach
    frame = {"color": CHOSEN, "width": 1 if small else 2}
    figure.add_shape(type="rect", x0=left, x1=right, y0=query - reach, y1=query + reach, line=frame)
    if key is not None:  # among many tokens a cell is tiny: lines lead to it from its two labels
        guide = {"color": CHOSEN, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=-0.5, x1=left, y0=query, y1=query, line=guide)
        figure.add_shape(type="line", x0=key, x1=key, y0=query + reach, y1=n_positions - 0.5, line=guide)
