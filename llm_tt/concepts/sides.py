"""The four lists of tokens that the index keeps of every neuron."""

from typing import Final, Literal

TokenSide = Literal["promotes", "suppresses", "excited_by", "inhibited_by"]

TOKEN_SIDES: Final[tuple[TokenSide, ...]] = ("promotes", "suppresses", "excited_by", "inhibited_by")
"""Of what the neuron writes: the logits that it raises and lowers most. Of what it reads: the tokens that lie
most along its input direction, and most against it."""

PROMOTED: Final[tuple[TokenSide, ...]] = ("promotes",)
"""What is searched unless something else is asked for."""

SIGNS: Final = (1.0, -1.0, 1.0, -1.0)
"""With its side's sign, a strength is the larger the earlier its token stands on that side's list."""

READINGS: Final = (0, 0, 1, 1)
"""Which of a neuron's directions a side reads: 0 what it writes, 1 what it reads."""

STRONGEST: Final = 50
"""Tokens on each list, or all where the vocabulary has fewer."""
