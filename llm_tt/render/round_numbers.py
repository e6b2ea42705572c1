"""Round numbers: the ends of sliders, and places on an axis."""

import math
from typing import Any, Final

from llm_tt.render.number_words import percent_text

MOST_DECIMALS: Final = 4

ROUNDING: Final = 1e-9
"""Of a division: what is nearer to a whole number is one."""


def round_up(size: float) -> float:
    """The next 1, 2 or 5 with zeros."""
    power: float = 10.0 ** math.floor(math.log10(size))
    return next(power * leading for leading in (1, 2, 5, 10) if power * leading >= size * 0.999)


def share_ticks(least: float, largest: float, *, most: int = 5, is_change: bool = False) -> dict[str, Any]:
    """Places of shares, `most` steps at most, written as shares are elsewhere: Plotly's own have no space."""
    if not largest > least:  # nothing, or no numbers
        return {"nticks": most}
    step = round_up((largest - least) / most)
    first, last = math.ceil(least / step - ROUNDING), math.floor(largest / step + ROUNDING)
    shares = [number * step for number in range(first, last + 1)]
    decimals = max(0, -math.floor(math.log10(100 * step) + ROUNDING))
    texts = [percent_text(share, decimals) for share in shares]
    if decimals > MOST_DECIMALS:
        texts = [f"{100 * share:.0e} %" if share else "0 %" for share in shares]
    if is_change:
        texts = [f"+{text}" if share > 0 else text for share, text in zip(shares, texts, strict=True)]
    return {"tickmode": "array", "tickvals": shares, "ticktext": texts}
