"""The folder of one model's index: one builder at a time, what is damaged taken away, errors in words."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from filelock import FileLock, Timeout

from llm_tt.concepts.folders import cache_folder
from llm_tt.concepts.index_blocks import checksum
from llm_tt.errors import ConceptIndexError

DATABASE: Final = "index.sqlite"
DIRECTIONS: Final = "directions.npy"

WAITING_SECONDS: Final = 0.2
"""Between two looks whether another builder is ready."""

_BESIDE: Final = ("", "-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """Where the index of one model is; nothing is made before it is written to."""

    path: Path

    @classmethod
    def of(cls, fingerprint: str, folder: Path | None) -> "IndexFolder":
        """Below a folder that is given, or the person's cache."""
        return cls((cache_folder() / "indexes" if folder is None else folder) / fingerprint)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE

    @property
    def directions(self) -> Path:
        """The vectors beside it."""
        return self.path / DIRECTIONS

    def make(self) -> None:
        """The folder itself.

        Raises:
            ConceptIndexError: it cannot be made.
        """
        with self.said():
            self.path.mkdir(parents=True, exist_ok=True)

    def lock(self) -> FileLock:
        """Held by whoever builds; a program that ends lets it go."""
        return FileLock(self.path / "building.lock", thread_local=False)

    def remove(self) -> None:
        """Take away what cannot be trusted: all of it can be made again.

        Raises:
            ConceptIndexError: it cannot be taken away.
        """
        with self.said():
            for path in (self.directions, *(Path(f"{self.database}{end}") for end in _BESIDE)):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)

    @contextmanager
    def said(self) -> Iterator[None]:
        """Errors of files and of SQLite in three sentences.

        Raises:
            ConceptIndexError: something inside went wrong.
        """
        try:
            yield
        except (OSError, sqlite3.Error, Timeout) as problem:
            self._refuse(problem)

    def _refuse(self, problem: Exception) -> NoReturn:
        is_full = getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "is full" in str(problem)
        found = "The disk is full." if is_full else f"{problem}."
        remedy = (
            "Make room; what was read so far is kept. Or name another folder in the variable LLM_TT_CACHE."
            if is_full
            else "Look who may write there, or name another folder in the variable LLM_TT_CACHE."
        )
        raise ConceptIndexError(
            asked=f"Keep an index of neurons in {self.path}.", found=found, remedy=remedy
        ) from None


def write_directions(path: Path, shape: tuple[int, int], layers: Iterator[np.ndarray]) -> str:
    """Write float16 vectors layer by layer, as a whole or not at all; the checksum of the file.

    Through plain writes: on a full disk, a mapped file would end the program.
    """
    unfinished = path.with_suffix(".unfinished")
    header = {"descr": np.dtype("<f2").str, "fortran_order": False, "shape": shape}
    with unfinished.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for layer in layers:
            file.write(np.ascontiguousarray(layer, "<f2").tobytes())
        file.flush()
        os.fsync(file.fileno())
    found = checksum_of(unfinished)
    unfinished.replace(path)
    return found


def checksum_of(path: Path) -> str:
    """Of a whole file, piece by piece."""
    pieces = []
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            pieces.append(checksum(piece))
    return checksum(b"".join(pieces)).hex()
