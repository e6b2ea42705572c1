"""An axis of figures along a prompt's tokens: readable at five tokens and at a hundred."""

from collections.abc import Collection, Sequence
from html import escape, unescape
from typing import Any, Final

from llm_tt.render.visible_text import visible_token

LONGEST_LABEL: Final = 12
"""Characters of a token beside an axis; its whole text shows on hover."""
PIXELS_PER_LABEL: Final = 13


def position_name(position: int, token: str) -> str:
    """A token and where it stands, as pages name it: ·John (9)."""
    return f"{visible_token(token)} ({position})"


def category_names(tokens: Sequence[str]) -> list[str]:
    """One name a position, no two alike.

    Plotly reads labels as HTML, so they are escaped; quotes are not, whose escapes it does not know.
    """
    return [escape(position_name(position, token), quote=False) for position, token in enumerate(tokens)]


def labelled_positions(n_positions: int, n_labels: int, chosen: Collection[int] = ()) -> list[int]:
    """Which positions have room for a label: evenly spaced ones, and always the chosen ones.

    A label that would touch a chosen one gives way to it.
    """
    step = max(1, -(-n_positions // max(n_labels, 1)))
    even = [
        position
        for position in range(0, n_positions, step)
        if all(abs(position - mark) >= step for mark in chosen)
    ]
    return sorted({*even, *chosen})


def position_axis(tokens: Sequence[str], pixels: int, chosen: Collection[int] = ()) -> dict[str, Any]:
    """A plotly axis for `category_names(tokens)`, with as many labels as fit into so many pixels."""
    shown = labelled_positions(len(tokens), pixels // PIXELS_PER_LABEL, chosen)
    names = category_names(tokens)
    every = len(shown) == len(tokens)
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "range": (-0.5, len(tokens) - 0.5),
        "tickmode": "array",
        "tickvals": [names[position] for position in shown],
        "ticktext": [_label(position, tokens[position], every) for position in shown],
        "tickfont": {"size": 11},
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
    }


def label_pixels(axis: dict[str, Any]) -> int:
    """Room that the longest label of an axis takes, across it."""
    return 12 + round(6.2 * max(len(unescape(text)) for text in axis["ticktext"]))


def _label(position: int, token: str, every: bool) -> str:
    """The token; where its neighbours have no label, also where it stands."""
    text = visible_token(token)
    text = text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
    return escape(text if every else f"{text} ({position})", quote=False)
