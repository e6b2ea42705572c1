"""At which positions an edit acts."""

from collections.abc import Sequence
from typing import Literal

from llm_tt.errors import InterventionError, TargetError

Positions = Literal["all", "prompt", "generated"] | tuple[int, ...]
"""Counted from 0; of edges, the positions that the messages go to.

"generated" are the positions from the prompt's length on. The first new token is predicted at the prompt's
last position, so such an edit changes the new tokens from the second one on.
"""

NAMED_POSITIONS = ("all", "prompt", "generated")


def checked_positions(positions: Positions) -> Positions:
    """A name, or numbers in order and each once.

    Raises:
        InterventionError: there is no such name, no number, or a negative one.
    """
    if isinstance(positions, str):
        if positions in NAMED_POSITIONS:
            return positions
        found = f"There are no positions called {positions[:100]!r}."
    elif not positions:
        found = "No position is named, so nothing would change."
    elif min(positions) < 0:
        found = f"There is no position {min(positions)}: positions count from 0."
    else:
        return tuple(sorted(set(positions)))
    raise InterventionError(
        asked="Choose the positions of an edit.",
        found=found,
        remedy='Say "all", "prompt" or "generated", or name positions such as (3, 13).',
    )


def chosen(positions: Positions, start: int, stop: int, n_prompt: int) -> list[int]:
    """Which positions from `start` on and before `stop` are meant, as indices from `start`."""
    match positions:
        case "all":
            first, last = start, stop
        case "prompt":
            first, last = start, min(stop, n_prompt)
        case "generated":
            first, last = max(start, n_prompt), stop
        case _:
            return [position - start for position in positions if start <= position < stop]
    return [position - start for position in range(first, last)]


def check_inside(asked: str, numbers: Sequence[int], n_positions: int) -> None:
    """Refuse positions that lie behind a prompt's end.

    Raises:
        TargetError: there is one.
    """
    for number in numbers:
        if number >= n_positions:
            raise TargetError(
                asked=asked,
                found=f"There is no position {number}: the prompt has {n_positions} "
                f"token{'s' * (n_positions != 1)}.",
                remedy=f"Choose a position from 0 to {n_positions - 1}.",
            )


def positions_in_words(positions: Positions) -> str:
    """As in "Head L2H1 off (mean) at all positions"."""
    match positions:
        case "all":
            return "at all positions"
        case "prompt":
            return "in the prompt"
        case "generated":
            return "in generated text"
        case (only,):
            return f"at position {only}"
        case _:
            return f"at positions {', '.join(map(str, positions))}"
