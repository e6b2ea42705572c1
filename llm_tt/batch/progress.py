"""The books of a job: how far it is, how fast it goes, and what it has made in the end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from llm_tt.batch.entries import BadEntry
from llm_tt.batch.job_folder import JobFolder
from llm_tt.batch.part_files import PartFigures

SHOWN: Final = 100
"""How many skipped entries a report lists; all of them stand in the parts."""


@dataclass(frozen=True, slots=True)
class BatchState:
    """How far a job is; plain values."""

    n_entries: int
    n_done: int
    """Measured or skipped, now or before."""
    n_before: int
    """Of these, what lay there when the job began."""
    seconds: float
    """Since it began."""

    @property
    def rate(self) -> float:
        """Entries a second, of those done now."""
        return (self.n_done - self.n_before) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None while nothing is done."""
        return (self.n_entries - self.n_done) / self.rate if self.rate > 0 else None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a job has made; plain values."""

    folder: str
    n_entries: int
    n_measured: int
    n_skipped: int
    skipped: tuple[BadEntry, ...]
    """The first of them."""
    n_rows: int
    n_parts: int
    n_parts_before: int
    """Parts that were there when it began."""
    parts_mended: tuple[int, ...]
    """Parts that were damaged, and were measured anew."""
    seconds: float


class Work:
    """A job that is under way."""

    def __init__(self, folder: JobFolder, tell: Callable[[BatchState], None]) -> None:
        """Look at what the folder holds."""
        self._folder = folder
        self._tell = tell
        self.finished, damaged = folder.finished()
        self._mended = tuple(damaged)
        self._parts_before = len(self.finished)
        self._done = self._done_before = sum(part.n_entries for part in self.finished.values())
        self._began = time.perf_counter()
        self.say(0)

    def add(self, number: int, figures: PartFigures) -> None:
        """A part was written."""
        self.finished[number] = figures
        self._done += figures.n_entries
        self.say(0)

    def within_part(self, n_entries: int) -> Callable[[float], None]:
        """The progress of one part."""
        return lambda share: self.say(round(share * n_entries))

    def say(self, n_more: int) -> None:
        """Tell how far the job is, with `n_more` entries of the part that is being measured."""
        n_entries = self._folder.job.n_entries
        self._tell(
            BatchState(n_entries, min(self._done + n_more, n_entries), self._done_before, self._seconds)
        )

    def report(self) -> BatchReport:
        """What was made."""
        skipped: list[BadEntry] = []
        for number, part in sorted(self.finished.items()):
            if part.n_skipped and len(skipped) < SHOWN:
                skipped += self._folder.read(number).skipped
        parts = self.finished.values()
        return BatchReport(
            folder=str(self._folder.place),
            n_entries=self._folder.job.n_entries,
            n_measured=sum(part.n_measured for part in parts),
            n_skipped=sum(part.n_skipped for part in parts),
            skipped=tuple(skipped[:SHOWN]),
            n_rows=sum(part.n_rows for part in parts),
            n_parts=len(self.finished),
            n_parts_before=self._parts_before,
            parts_mended=self._mended,
            seconds=self._seconds,
        )

    @property
    def _seconds(self) -> float:
        return time.perf_counter() - self._began
