"""How the target fares through the states of a position, in two runs of the same prompt."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any, Final, Literal

import plotly.graph_objects as go

from llm_tt.lens.run_comparison import RunComparison, StateChange
from llm_tt.render.colours import CHOSEN, GRID, POSITIVE, QUIET
from llm_tt.render.number_words import percent_text
from llm_tt.render.round_numbers import share_ticks
from llm_tt.render.token_path_figure import highest_power, rank_axis, state_name
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

TargetValue = Literal["probability", "rank"]

HEIGHT: Final = 240
MOST_LABELS: Final = 12
TOUCHED: Final = "first change"
PARTING: Final = "another token"


def comparison_figure(
    comparison: RunComparison, token: str, *, value: TargetValue = "probability", chosen: Part | None = None
) -> go.Figure:
    """Two lines, base and edited; lines across say where the edit is first felt, and first turns a state."""
    states = comparison.states
    if value == "rank":
        before = [float(state.target_rank_before) for state in states]
        after = [float(state.target_rank_after) for state in states]
    else:
        before = [state.target_probability_before for state in states]
        after = [state.target_probability_after for state in states]
    figure = go.Figure(
        [
            _line(states, before, "base", QUIET, token, chosen),
            _line(states, after, "edited", POSITIVE, token, chosen),
        ]
    )
    step = max(1, math.ceil(len(states) / MOST_LABELS))
    shown = [
        place for place in range(0, len(states), step) if place == 0 or states[place].part.stage == "post"
    ]
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 52, "r": 12, "t": 46, "b": 28},
        hovermode="closest",
        hoverdistance=-1,
        dragmode=False,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        xaxis={
            "tickvals": shown,
            "ticktext": [state_name(states[place].part).removesuffix(".post") for place in shown],
            "tickfont": {"size": 11},
            "range": (-0.5, len(states) - 0.5),
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis=_rank_axis(max(*before, *after))
        if value == "rank"
        else _probability_axis(max(*before, *after)),
    )
    _mark(figure, comparison)
    return figure


def _line(  # noqa: PLR0913 (one run's line)
    states: Sequence[StateChange],
    numbers: Sequence[float],
    run: str,
    colour: str,
    token: str,
    chosen: Part | None,
) -> go.Scatter:
    is_base = run == "base"
    return go.Scatter(
        x=list(range(len(states))),
        y=list(numbers),
        name=run,
        mode="lines+markers",
        line={"color": colour, "width": 1.5, "dash": "dash" if is_base else "solid"},
        marker={
            "color": [CHOSEN if state.part == chosen else colour for state in states],
            "size": [10 if state.part == chosen else 5 for state in states],
            "opacity": 1,
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        cliponaxis=False,  # else markers on the ground are cut in half
        customdata=[str(state.part) for state in states],
        hovertext=[_hover(state, token, is_base=is_base) for state in states],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(state: StateChange, token: str, *, is_base: bool) -> str:
    rank = state.target_rank_before if is_base else state.target_rank_after
    probability = state.target_probability_before if is_base else state.target_probability_after
    best = state.token_before if is_base else state.token_after
    own = state.probability_before if is_base else state.probability_after
    lines = (
        f"{state_name(state.part)}, {'base' if is_base else 'edited'}",
        f"{visible_token(token)}: rank {rank:,}, {percent_text(probability, 2)}",
        f"predicts {visible_token(best)}: {percent_text(own)}",
    )
    return "<br>".join(escape(line, quote=False) for line in lines)


def _mark(figure: go.Figure, comparison: RunComparison) -> None:
    """Each mark has a height of its own, so that two close together do not touch."""
    places = [state.part for state in comparison.states]
    marks = ((comparison.first_touched, TOUCHED, 1.0), (comparison.first_parting, PARTING, 0.9))
    for part, text, height in marks:
        if part is None:
            continue
        place = places.index(part)
        is_right = place > len(places) / 2
        figure.add_shape(
            type="line",
            x0=place,
            x1=place,
            y0=0,
            y1=height,
            yref="paper",
            line={"color": QUIET, "width": 1, "dash": "dot"},
            layer="below",
        )
        figure.add_annotation(
            text=f"{text}: {state_name(part)}",
            x=place,
            y=height,
            yref="paper",
            xanchor="right" if is_right else "left",
            yanchor="middle",
            showarrow=False,
            font={"size": 11},
        )


def _probability_axis(largest: float) -> dict[str, Any]:
    return {
        "range": (
            -0.02 * (largest or 1),
            1.3 * (largest or 1),
        ),  # above the lines there is room for the marks
        **share_ticks(0.0, min(1.0, 1.1 * largest) or 1.0),
        "tickfont": {"size": 11},
        "gridcolor": GRID,
        "zeroline": False,
        "automargin": False,
        "fixedrange": True,
    }


def _rank_axis(worst: float) -> dict[str, Any]:
    """With room for the marks above."""
    axis = rank_axis(worst, above=0.3 * highest_power(worst), below=0.1)
    return {**axis, "gridcolor": GRID, "fixedrange": True}
