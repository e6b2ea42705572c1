"""Numbers as text, the same in sentences, tables and labels; `canvas/quantities.js` has those of pictures."""

from collections.abc import Sequence
from typing import Final, SupportsFloat

MINUS: Final = "\N{MINUS SIGN}"


def percent_text(share: SupportsFloat, decimals: int = 1) -> str:
    """12.3 %; what would round to all or to nothing has a decimal more, or says so: 99.97 %, <0.01 %."""
    number = float(share)
    sign, size = (MINUS if number < 0 else ""), 100 * abs(number)
    rounded = float(f"{size:.{decimals}f}")
    if rounded not in (0.0, 100.0) or size in (0.0, 100.0):
        return f"{sign}{size:.{decimals}f} %"
    finer, least = decimals + 1, 10.0 ** -(decimals + 1)
    if float(f"{size:.{finer}f}") not in (0.0, 100.0):
        return f"{sign}{size:.{finer}f} %"
    if size > 100:
        return f"{sign}100 %"
    return f"{sign}<{least:.{finer}f} %" if size < 1 else f"{sign}>{100 - least:.{finer}f} %"


def points_text(change: SupportsFloat) -> str:
    """A change of a share in percentage points: +12.3 points."""
    return f"{signed_text(100 * float(change), 1)} points"


def signed_text(number: SupportsFloat, decimals: int = 2) -> str:
    """+1.25, −1.25; what rounds to nothing has no sign."""
    text = f"{float(number):+.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text[1:]


def without_minus_zero(numbers: Sequence[float], decimals: int) -> list[float]:
    """A column of numbers; negative ones that are shown as nothing are nothing: no minus stands before it."""
    return [0.0 if number < 0 and not round(number, decimals) else number for number in numbers]


def plain_text(number: SupportsFloat, decimals: int = 2) -> str:
    """1.25, −1.25; never a minus before nothing."""
    text = f"{float(number):.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.removeprefix("-")
