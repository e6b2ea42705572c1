"""One line of the table of speeds, already in words."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work, what it took and what it may take; `goal` is empty where there is none."""

    work: str
    n_tokens: int
    """0 where the work is about no prompt."""
    measured: str
    spread: str
    goal: str
    reached: bool | None
    """None where there is no goal, or nothing was measured."""

    @classmethod
    def waited(cls, work: str, n_tokens: int, seconds: Sequence[float], goal: float | None = None) -> "Row":
        """What a person waits for, some times over: the median, with the quickest and the longest."""
        unit, scale = ("s", 1.0) if max(seconds) >= 1 else ("ms", 1000.0)
        taken = statistics.median(seconds)
        digits = 1 if unit == "s" or scale * taken < 10 else 0
        low, high = (f"{scale * end:.{digits}f}" for end in (min(seconds), max(seconds)))
        return cls(
            work,
            n_tokens,
            f"{scale * taken:.{digits}f} {unit}",
            f"{low}-{high}" if len(seconds) > 1 else "once",
            "" if goal is None else f"≤ {scale * goal:g} {unit}",
            None if goal is None else taken <= goal,
        )

    @classmethod
    def missing(cls, work: str, reason: str) -> "Row":
        """What could not be measured here, and why."""
        return cls(work, 0, "not measured", reason, "", None)
