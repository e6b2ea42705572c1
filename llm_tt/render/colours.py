"""The colours of signs and marks, the same in every figure and readable on light and dark pages.

Blue and vermilion are Okabe and Ito's, a little lighter so that they also stand out on a dark page; readers
who are colour-blind tell them apart.
"""

from typing import Final

POSITIVE: Final = "#2e86d1"
"""Speaks for the target; also the one colour of unsigned amounts."""
NEGATIVE: Final = "#d9622b"
"""Speaks against the target."""
CHOSEN: Final = "#d6308f"
"""What the person chose, and nothing else."""
QUIET: Final = "#8a8f98"
"""Lines that only guide the eye."""

GRID: Final = "rgba(138,143,152,0.3)"
"""Lines behind a curve."""

# From see-through to full, so that zero is the page itself, whichever theme it has.
AMOUNTS: Final = ((0.0, "rgba(46,134,209,0)"), (1.0, "rgba(46,134,209,1)"))
SIGNED: Final = (
    (0.0, "rgba(217,98,43,1)"),
    (0.5, "rgba(217,98,43,0)"),
    (0.5, "rgba(46,134,209,0)"),
    (1.0, "rgba(46,134,209,1)"),
)
