"""The folder that a job fills, part by part: `runs.parquet/part-00000.parquet` and so on, `_job.json` beside.

Readers of parquet take the folder as one table; they pass over names that begin with an underscore. A part is
there whole or not at all, and says itself to which job it belongs: so a job that was killed goes on with the
parts that are missing, and no row is lost or comes twice.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from filelock import FileLock, Timeout

from llm_tt.batch.job import Job
from llm_tt.batch.part_files import DamagedPartError, PartFigures, StoredRows, part_bytes, read_part
from llm_tt.errors import ExportError
from llm_tt.reading import read_plain
from llm_tt.writing import is_full, put_whole

JOB_FILE: Final = "_job.json"
LARGEST_JOB: Final = 2**20
LARGEST_PART: Final = 2**34
"""Bytes; what a device has without end."""
_LOCK: Final = "_job.lock"
_PART: Final = "part-{:05}.parquet"
_OURS: Final = ("part-*.parquet", JOB_FILE, ".*.unfinished")


class JobFolder:
    """Open for one job, and for one process at a time; see `opened`."""

    def __init__(self, place: Path, job: Job) -> None:
        self.place = place
        self.job = job

    @classmethod
    @contextmanager
    def opened(cls, place: Path, job: Job, *, overwrite: bool = False) -> Iterator["JobFolder"]:
        """Make the folder, or go on with what lies there.

        Args:
            place: The folder; the one above it has to be there.
            job: What it is filled with.
            overwrite: Throw away another job's parts.

        Raises:
            ExportError: it cannot be written, holds something else, or another process fills it right now.
        """
        with _said_clearly(place):
            if place.exists() and not place.is_dir():
                _refuse(place, "There is a file of that name.", "Name a folder, which will be made.")
            place.mkdir(exist_ok=True)
            lock = FileLock(place / _LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                _refuse(place, "Another process is filling this folder.", "Wait for it, or name another.")
        try:
            folder = cls(place, job)
            folder._begin(overwrite)
            yield folder
        finally:
            lock.release()

    def finished(self) -> tuple[dict[int, PartFigures], list[int]]:
        """Parts that are there; and the numbers of those that were damaged, which are gone now."""
        found: dict[int, PartFigures] = {}
        damaged: list[int] = []
        for number in range(self.job.n_parts):
            path = self._path(number)
            if not path.exists():
                continue
            try:
                part = read_part(self.job.identity, number, read_plain(path, LARGEST_PART))
            except (DamagedPartError, OSError):
                damaged.append(number)
                with _said_clearly(self.place):
                    path.unlink()
            else:
                found[number] = part.figures
        return found, damaged

    def read(self, number: int) -> StoredRows:
        """A part that is there.

        Raises:
            DamagedPartError: it is not what was written.
        """
        return read_part(self.job.identity, number, read_plain(self._path(number), LARGEST_PART))

    def write(self, number: int, part: StoredRows) -> None:
        """Add a part.

        Raises:
            ExportError: it cannot be written.
        """
        self.write_bytes(number, part_bytes(self.job.identity, number, part))

    def write_bytes(self, number: int, content: bytes) -> None:
        """The same, already as bytes."""
        with _said_clearly(self.place):
            put_whole(self._path(number), content)

    def _path(self, number: int) -> Path:
        return self.place / _PART.format(number)

    def _begin(self, overwrite: bool) -> None:
        with _said_clearly(self.place):
            if overwrite:
                self._empty(*_OURS)
            before = self._job_before()
            if before is None:
                put_whole(self.place / JOB_FILE, json.dumps(self.job.to_json(), indent=1).encode())
            elif before.identity != self.job.identity:
                other = ", ".join(before.differences(self.job)) or "the program's own version"
                found = f"It holds the rows of another job. What differs: {other}."
                _refuse(self.place, found, "Name another folder, or give --overwrite to throw those away.")
            self._empty(".*.unfinished")

    def _job_before(self) -> Job | None:
        path = self.place / JOB_FILE
        if not path.exists():
            if any(self.place.glob("*.parquet")):
                found = f"It holds parquet files, and no {JOB_FILE} that says where they come from."
                _refuse(self.place, found, "Name another folder.")
            return None
        try:
            return Job.from_json(read_plain(path, LARGEST_JOB))
        except ValueError:
            found = f"Its {JOB_FILE} cannot be read."
            _refuse(self.place, found, "Name another folder, or give --overwrite to throw its parts away.")

    def _empty(self, *patterns: str) -> None:
        for pattern in patterns:
            for path in self.place.glob(pattern):
                path.unlink()


def _refuse(place: Path, found: str, remedy: str) -> NoReturn:
    raise ExportError(asked=f"Write the rows of many prompts into {place}.", found=found, remedy=remedy)


@contextmanager
def _said_clearly(place: Path) -> Iterator[None]:
    """What the system says, in words; a full disk is no reason to begin anew."""
    try:
        yield
    except OSError as problem:
        if is_full(problem):
            remedy = "Make room, and give the same command again: what is finished stays."
            _refuse(place, "The disk is full.", remedy)
        if isinstance(problem, FileNotFoundError) and not place.absolute().parent.is_dir():
            found = f"There is no folder {str(place.absolute().parent)!r}."
            _refuse(place, found, "Make the folder first, or write elsewhere.")
        _refuse(place, f"It cannot be written: {problem.strerror}.", "Choose a place where you may write.")
    except ValueError:
        _refuse(place, "That can be no folder's name.", "Name another folder.")
