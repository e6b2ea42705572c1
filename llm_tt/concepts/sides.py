"""The four lists of tokens that are kept of a neuron."""

from typing import Final, Literal

Side = Literal["promotes", "suppresses", "excited_by", "inhibited_by"]
"""What its output direction does to tokens where it is active, and what tokens do to its activation."""

SIDES: Final[tuple[Side, ...]] = ("promotes", "suppresses", "excited_by", "inhibited_by")

SIDE_WORDS: Final[dict[Side, str]] = {
    "promotes": "promotes",
    "suppresses": "suppresses",
    "excited_by": "excited by",
    "inhibited_by": "inhibited by",
}
"""As a person reads them, behind the neuron's name."""
