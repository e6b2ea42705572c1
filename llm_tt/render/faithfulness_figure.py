"""Faithfulness as a figure: what graphs of every density keep of the prediction."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from llm_tt.faithfulness.statistics import Interval

# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000")


def faithfulness_figure(
    densities: Sequence[float], retained: Mapping[str, Sequence[Interval]], title: str
) -> go.Figure:
    """One line a ranking with its interval as a band."""
    figure = go.Figure()
    for place, (name, intervals) in enumerate(retained.items()):
        colour = COLOURS[place % len(COLOURS)]
        edge = [*[i.high for i in intervals], *[i.low for i in reversed(intervals)]]
        figure.add_scatter(
            x=[*densities, *reversed(densities)],
            y=edge,
            fill="toself",
            mode="lines",
            fillcolor=colour,
            opacity=0.15,
            line_width=0,
            hoverinfo="skip",
            showlegend=False,
            legendgroup=name,
        )
        figure.add_scatter(
            x=list(densities),
            y=[interval.mean for interval in intervals],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": "dot" if name == "random" else "solid"},
            legendgroup=name,
        )
    figure.update_layout(
        title=title,
        template="plotly_white",
        xaxis={"title": "share of messages and MLPs kept", "type": "log", "tickformat": ".1%"},
        yaxis={"title": "retained: 0 empty graph, 1 whole model"},
        legend={"title": "ranked by"},
    )
    figure.add_hline(y=1, line_dash="dash", line_color="grey")
    return figure
