"""Rows of controls that have room in a narrow window: they go on in another line, or stand in a pile."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import streamlit as st

NARROW_STYLE: Final = (
    "@media (max-width: 1000px) {"
    "[class*='st-key-controls-'] > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock]"
    " { flex-wrap: wrap; row-gap: .5rem }"
    "[class*='st-key-controls-row-'] > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock]"
    " > [data-testid=stColumn] { min-width: min(11.2rem, 100%) }"
    "[class*='st-key-controls-pile-'] > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock]"
    " > [data-testid=stColumn] { min-width: 100% } }"
)
"""What a narrow window does with these rows."""


def controls(
    name: str,
    widths: Sequence[float],
    *,
    stacked: bool = False,
    gap: Literal["small", "medium", "large"] = "small",
    vertical_alignment: Literal["top", "bottom"] = "bottom",
) -> list[Any]:
    """Columns; in a narrow window each has a line of its own if they are `stacked`, else what fits stays."""
    with st.container(key=f"controls-{'pile' if stacked else 'row'}-{name}"):
        return st.columns(widths, gap=gap, vertical_alignment=vertical_alignment)


def box_and_beside(name: str) -> list[Any]:
    """What is asked about, and what it is asked of: a prompt and its model."""
    return controls(name, [4.0, 1.0], gap="medium", vertical_alignment="top")
