"""Who may run now: so many at a time, and whoever came first goes first."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

LOOKS_EVERY: Final = 0.25
"""Seconds between two looks at the line; at each of them whoever waits may go away."""

SLICE: Final = 1.0
"""Seconds that a run of many steps has for itself before it lets others go between."""

Told = Callable[[int], None]
"""Called with how many runs have to end before it is one's turn; what it raises gives up the place."""


class Turns:
    """A line in front of the machine: its first `at_once` run, all others wait.

    Nobody can overtake, so whoever waits is reached after at most as many runs as stood before.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._line: list[object] = []
        self._moved = threading.Condition()
        self._own: ContextVar[Turn | None] = ContextVar("own turn", default=None)

    @contextmanager
    def taken(self, tell: Told) -> Iterator["Turn"]:
        """Wait for a turn and keep it; work inside of work that has one needs no other."""
        own = self._own.get()
        if own is not None:
            yield own
            return
        turn = Turn(self, tell)
        token = self._own.set(turn)
        try:
            turn.begin()
            yield turn
        finally:
            self._own.reset(token)
            self.leave(turn)

    def enter(self, turn: object) -> None:
        """Stand at the end of the line."""
        with self._moved:
            self._line.append(turn)

    def leave(self, turn: object) -> None:
        """Go out of the line, wherever one stands."""
        with self._moved:
            if turn in self._line:
                self._line.remove(turn)
                self._moved.notify_all()

    def wait(self, turn: object, tell: Told) -> None:
        """Until it is this one's turn."""
        while before := self.before(turn):
            tell(before)
            with self._moved:
                self._moved.wait_for(lambda: self._place(turn) < self._at_once, LOOKS_EVERY)

    def before(self, turn: object) -> int:
        """How many have to end first."""
        with self._moved:
            return max(0, self._place(turn) - self._at_once + 1)

    @property
    def anybody_waits(self) -> bool:
        """Whether there are more than may run."""
        return len(self._line) > self._at_once

    def _place(self, turn: object) -> int:
        return self._line.index(turn)


class Turn:
    """One run's turn."""

    def __init__(self, turns: Turns, tell: Told) -> None:
        self._turns = turns
        self._tell = tell
        self._since = 0.0

    def begin(self) -> None:
        """Stand in the line until it is this one's turn."""
        self._turns.enter(self)
        self._turns.wait(self, self._tell)
        self._since = time.monotonic()

    def let_others_go(self) -> None:
        """After a while, where anybody waits: to the end of the line, and on when it is one's turn again.

        Call it only where nothing is held that those others need.
        """
        if self._turns.anybody_waits and time.monotonic() - self._since >= SLICE:
            self._turns.leave(self)
            self.begin()
