"""`Runs`: the rows of many prompts, opened so that questions can be asked of them.

The rows stay in their files, and DuckDB reads from them what a question needs. It may read these files and
nothing else: no other path, no network, no extension, nothing is written, and memory is bounded.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Shaped

from llm_tt.attribution.method_list import WITH_TARGET, WITHOUT_TARGET
from llm_tt.batch.schema import SCHEMA
from llm_tt.errors import RunsError
from llm_tt.summaries.run_files import files_of_runs, job_of_runs

MEMORY: Final = "1GB"
THREADS: Final = 2
MOST_ROWS_HANDED_OVER: Final = 5_000_000
_PREFERRED: Final = (*WITH_TARGET, *WITHOUT_TARGET)

Columns = Mapping[str, Shaped[np.ndarray, " row"]]
Parameter = str | int | float | None | list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Opened rows; several threads may ask, one after the other."""

    name: str
    """Where they came from, for people."""
    files: tuple[Path, ...]
    n_prompts: int
    methods: tuple[str, ...]
    """Those that tell for from against come first."""
    groups: tuple[str, ...]
    """In the order of the prompts; without those that have none."""
    _connection: duckdb.DuckDBPyConnection = field(repr=False)
    model: str | None = None
    """Where the model came from, if that is known."""
    notice: str = ""
    """What a person should know of them."""
    _lock: threading.Lock = field(repr=False, default_factory=threading.Lock)
    _folder: TemporaryDirectory[str] | None = field(repr=False, default=None)
    """Holds files that nobody else keeps; it goes with this object."""

    def ask(self, question: str, **given: Parameter) -> Columns:
        """The columns that answer a question in SQL, which has `{rows}` for the table, `$name` for a value.

        Values are only ever given beside the question, never written into it.

        Raises:
            RunsError: a file was changed meanwhile, or the question needs more memory than there is.
        """
        parameters = {**given, "files": [str(file) for file in self.files]}
        with self._lock:
            try:
                answer = self._connection.execute(
                    question.format(rows="read_parquet($files)"), parameters
                ).fetchnumpy()
            except duckdb.Error as problem:
                raise self._explained(problem) from None
        return {name: _without_mask(column) for name, column in answer.items()}

    def method_named(self, method: str | None) -> str:
        """A method of these runs; the first one where none is asked for.

        Raises:
            RunsError: they were not measured by it.
        """
        if method is not None and method not in self.methods:
            self._refuse(f"They were measured by {', '.join(self.methods)}, not by {method}.", self.methods)
        return method or self.methods[0]

    def check_group(self, group: str | None) -> None:
        """None stands for all prompts.

        Raises:
            RunsError: no prompt belongs to it.
        """
        if group is not None and group not in self.groups:
            known = ", ".join(self.groups[:20]) or "none"
            self._refuse(f"No prompt belongs to the group {group!r}; the groups are: {known}.", self.groups)

    def _refuse(self, found: str, known: tuple[str, ...]) -> None:
        remedy = (
            "Choose one of them." if known else "Give prompts a group: a field of that name in their file."
        )
        raise RunsError(asked=f"Sum up the runs in {self.name}.", found=found, remedy=remedy)

    def _explained(self, problem: duckdb.Error) -> RunsError:
        asked = f"Read the runs in {self.name}."
        if isinstance(problem, duckdb.OutOfMemoryException):
            return RunsError(
                asked=asked,
                found=f"They need more than {MEMORY} of memory at once.",
                remedy="Split them, or measure fewer edges and neurons a prompt.",
            )
        return RunsError(
            asked=asked,
            found=f"A file is no longer what it was when it was opened: {str(problem).partition(chr(10))[0]}",
            remedy="Open them again.",
        )


def open_runs(path: str | Path, name: str | None = None) -> Runs:
    """The rows in a folder of parts or in one .parquet file.

    Raises:
        RunsError: nothing is there, a file is damaged or of something else, or there are no rows.
    """
    files, job = files_of_runs(Path(path)), job_of_runs(Path(path))
    runs = _opened(name or str(path), files, None)
    if job is None:
        return runs
    missing = job.n_parts - len(files)
    notice = f"The job is not finished: {missing:,} of {job.n_parts:,} parts are missing." if missing else ""
    return replace(runs, model=job.model, notice=notice)


def runs_of_table(table: pa.Table, name: str) -> Runs:
    """The rows of a table, kept in a file of their own, packed, as long as somebody holds on to them."""
    folder = TemporaryDirectory(prefix="llm_tt-runs-")
    file = Path(folder.name) / "part-00000.parquet"
    pq.write_table(table.cast(SCHEMA), file, compression="zstd")
    return _opened(name, (file,), folder)


def runs_of_bytes(content: bytes, name: str) -> Runs:
    """The rows of a file that somebody handed over.

    Raises:
        RunsError: as when it is opened.
    """
    folder = TemporaryDirectory(prefix="llm_tt-runs-")
    file = Path(folder.name) / "handed-over.parquet"
    file.write_bytes(content)
    try:
        files = files_of_runs(file, MOST_ROWS_HANDED_OVER)
    except RunsError as error:
        error.asked, error.found = f"Read the runs in {name}.", error.found.replace(file.name, name)
        raise
    return _opened(name, files, folder)


def _opened(name: str, files: tuple[Path, ...], folder: TemporaryDirectory[str] | None) -> Runs:
    if not any(pq.read_metadata(file).num_rows for file in files):
        raise RunsError(
            asked=f"Read the runs in {name}.",
            found="There is not a single row in them.",
            remedy="Measure at least one prompt.",
        )
    empty = Runs(name, files, 0, (), (), _connected(files), _folder=folder)
    counted = empty.ask("SELECT count(DISTINCT entry) AS n FROM {rows}")
    methods, groups = (
        empty.ask(
            f'SELECT "{column}" AS name FROM {{rows}} WHERE "{column}" IS NOT NULL '
            "GROUP BY 1 ORDER BY min(entry), 1"
        )["name"]
        for column in ("method", "group")
    )
    return Runs(
        name,
        files,
        int(counted["n"][0]),
        tuple(sorted(methods, key=_preference)),
        tuple(groups),
        empty._connection,
        _folder=folder,
    )


def _preference(method: str) -> tuple[int, str]:
    known = _PREFERRED.index(method) if method in _PREFERRED else len(_PREFERRED)
    return known, method


def _connected(files: tuple[Path, ...]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": MEMORY,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )
    connection.execute("SET temp_directory = ''")  # what does not fit is refused, not written
    connection.execute("SET allowed_paths = $files", {"files": [str(file) for file in files]})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _without_mask(column: np.ndarray) -> Shaped[np.ndarray, " row"]:
    """Nulls of numbers become NaN, of texts None."""
    if not np.ma.isMaskedArray(column):
        return column
    if column.dtype == object:
        return np.asarray(np.ma.filled(column, None))
    return np.asarray(np.ma.filled(column.astype(float), np.nan))
