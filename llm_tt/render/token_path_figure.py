"""One token's rank through the states of a position, as a small line."""

import math
from html import escape
from typing import Any, Final

import plotly.graph_objects as go

from llm_tt.lens.token_path import TokenPath
from llm_tt.render.colours import CHOSEN, GRID, POSITIVE
from llm_tt.render.number_words import percent_text, plain_text
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

HEIGHT: Final = 150
MOST_LABELS: Final = 12


def token_path_figure(path: TokenPath, token: str, chosen: Part | None = None) -> go.Figure:
    """Ranks on a logarithmic scale with the best on top; the chosen state is marked."""
    places = list(range(len(path.parts)))
    figure = go.Figure(
        go.Scatter(
            x=places,
            y=path.ranks,
            mode="lines+markers",
            line={"color": POSITIVE, "width": 1.5},
            marker={
                "color": [CHOSEN if part == chosen else POSITIVE for part in path.parts],
                "size": [10 if part == chosen else 4 for part in path.parts],
                "opacity": 1,
            },
            customdata=[
                [state_name(part), percent_text(probability, 2), plain_text(logit)]
                for part, probability, logit in zip(path.parts, path.probabilities, path.logits, strict=True)
            ],
            hovertemplate=(
                f"{escape(visible_token(token), quote=False)} in %{{customdata[0]}}<br>rank %{{y:,}}"
                "<br>probability %{customdata[1]}<br>logit %{customdata[2]}<extra></extra>"
            ),
        )
    )
    step = -(-len(places) // MOST_LABELS)
    shown = [place for place in places[::step] if place == 0 or path.parts[place].stage == "post"]
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 44, "r": 8, "t": 8, "b": 26},
        showlegend=False,
        xaxis={
            "tickvals": shown,
            "ticktext": [state_name(path.parts[place]).removesuffix(".post") for place in shown],
            "tickfont": {"size": 11},
            "range": (-0.5, len(places) - 0.5),
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={**rank_axis(max(path.ranks)), "gridcolor": GRID},
    )
    return figure


def state_name(part: Part) -> str:
    """A state without its position: embed, L2.mid, L2.post."""
    return str(part).partition("@")[0]


def rank_axis(worst: float | int, above: float = 0.2, below: float = 0.15) -> dict[str, Any]:
    """Powers of ten, as many as the ranks need, the best on top; room is in powers of ten, too."""
    highest = highest_power(worst)
    ranks = [10**exponent for exponent in range(highest + 1)]
    return {
        "type": "log",
        "tickvals": ranks,
        "ticktext": [f"{rank:,}" for rank in ranks],
        "tickfont": {"size": 11},
        "range": (highest + below, -above),
        "zeroline": False,
        "automargin": False,
    }


def highest_power(worst: float | int) -> int:
    """Of ten, not below a rank."""
    return max(1, math.ceil(math.log10(worst)))
