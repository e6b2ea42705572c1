"""One number a position, as bars along the prompt."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go
from jaxtyping import Float
from torch import Tensor

from llm_tt.render.colours import CHOSEN, GRID, NEGATIVE, POSITIVE, QUIET
from llm_tt.render.position_axis import category_names, label_pixels, position_axis

BARS: Final = 100
"""Pixels of the bars' height, without the labels below."""
WIDTH_OF_LABELS: Final = 360
"""Pixels that the labels of all positions share; a narrow card."""


def activation_figure(
    activations: Float[Tensor, " pos"], tokens: Sequence[str], position: int, *, what: str = "activation"
) -> go.Figure:
    """One number at every position, a neuron's activation or a head's attention, with one position marked."""
    values = activations.tolist()
    figure = go.Figure(
        go.Bar(
            x=category_names(tokens),
            y=values,
            marker={
                "color": [POSITIVE if value >= 0 else NEGATIVE for value in values],
                "line": {"width": 0},  # pages give bars an outline, which hides narrow ones
            },
            hovertemplate=f"%{{x}}<br>{what} %{{y:.3f}}<extra></extra>",
        )
    )
    axis = position_axis(tokens, WIDTH_OF_LABELS, [position])
    below = label_pixels(axis)
    figure.update_layout(
        height=BARS + below + 4,
        margin={"l": 44, "r": 4, "t": 4, "b": below},
        bargap=0.15,
        showlegend=False,
        xaxis={**axis, "tickangle": -90, "automargin": False},
        yaxis={
            "nticks": 4,
            "tickfont": {"size": 11},
            "zeroline": True,
            "zerolinecolor": QUIET,
            "gridcolor": GRID,
            "automargin": False,
        },
    )
    figure.add_vline(x=position, line={"color": CHOSEN, "width": 1, "dash": "dot"}, layer="below")
    return figure
