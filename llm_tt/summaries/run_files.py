"""The files of a run over many prompts, looked at before a number is read: whole, and of our columns?"""

import json
from pathlib import Path
from typing import Final, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from llm_tt.batch.job import Job
from llm_tt.batch.job_folder import JOB_FILE, LARGEST_JOB
from llm_tt.batch.part_files import PART_KEY
from llm_tt.batch.schema import SCHEMA
from llm_tt.errors import RunsError
from llm_tt.reading import read_plain

MOST_COLUMNS_NAMED: Final = 5
LONGEST_NAME: Final = 200
"""Characters of a place that a message repeats."""
MOST_ROWS: Final = 200_000_000
"""Of one run; a million prompts of a small model have as many."""
TEXTS: Final = [field.name for field in SCHEMA if pa.types.is_string(field.type)]
REMEDY: Final = "Name the folder or the .parquet file that llm-tt batch wrote."
MEASURE_AGAIN: Final = "Remove that file; the same llm-tt batch command measures its prompts again."


def files_of_runs(path: Path, most_rows: int = MOST_ROWS) -> tuple[Path, ...]:
    """The parts of a folder in their order, or the one file; all of them are read once, to their ends.

    Raises:
        RunsError: nothing is there; a part is damaged, of another job, or has other columns.
    """
    files = _files_at(path)
    for file in files:
        _check_columns(path, file)
    n_rows = sum(pq.read_metadata(file).num_rows for file in files)
    if n_rows > most_rows:  # before they are read: a small file can hold any number of equal rows
        found = f"They have {n_rows:,} rows, and at most {most_rows:,} can be summed up here."
        _refuse(path, found, "Split them.")
    jobs = {}
    for file in files:
        _check_whole(path, file)
        jobs[file.name] = _job_of(file)
    if len(set(jobs.values())) > 1:
        first, other = next(iter(jobs)), next(name for name in jobs if jobs[name] != jobs[files[0].name])
        _refuse(
            path,
            f"{first} and {other} are parts of different jobs, whose prompts have the same numbers.",
            "Put the parts of each job into a folder of its own.",
        )
    return files


def job_of_runs(path: Path) -> Job | None:
    """What lies beside the parts of a folder and says where they come from, if it does."""
    try:
        return Job.from_json(read_plain(path / JOB_FILE, LARGEST_JOB))
    except (OSError, ValueError):
        return None


def _check_whole(path: Path, file: Path) -> None:
    """Damage that happens to decompress would else be numbers like any others: pages have checksums."""
    try:
        # Texts that are repeated stay one text, however often a small file may say them.
        with pq.ParquetFile(file, page_checksum_verification=True, read_dictionary=TEXTS) as opened:
            for _ in opened.iter_batches():
                pass
    except (OSError, ValueError, pa.ArrowException) as problem:  # names of columns may be no text
        _refuse(path, f"{file.name} is damaged: {_first_line(problem)}", _remedy(path))


def _job_of(file: Path) -> str | None:
    """The identity of the job that a part says it belongs to; files of other programs say none."""
    try:
        told = (pq.read_schema(file).metadata or {}).get(PART_KEY)
        return None if told is None else str(json.loads(told)["job"])
    except (ValueError, KeyError, TypeError):
        return None


def _files_at(path: Path) -> tuple[Path, ...]:
    try:
        if path.is_file():
            return (path,)
        is_there = path.is_dir()
    except OSError:  # longer than any name may be
        is_there = False
    if not is_there:
        _refuse(path, f"Nothing is at {str(path)[:LONGEST_NAME]}.", REMEDY)
    files = tuple(sorted(path.glob("part-*.parquet"))) or tuple(sorted(path.glob("*.parquet")))
    if not files:
        _refuse(path, "No .parquet file lies in that folder.", REMEDY)
    for file in files:
        if not file.is_file():  # a pipe would keep whoever reads it waiting
            _refuse(path, f"{file.name} is no file, but a folder, a device or a pipe.", REMEDY)
    return files


def _check_columns(path: Path, file: Path) -> None:
    try:
        found = pq.read_schema(file)
        names = list(found.names)
    except (OSError, ValueError, pa.ArrowException) as problem:  # names of columns may be no text
        _refuse(
            path,
            f"{file.name} is damaged, or no parquet file: {_first_line(problem)}",
            _remedy(path),
        )
    missing = [name for name in SCHEMA.names if names.count(name) != 1]
    if missing:
        named = ", ".join(missing[:MOST_COLUMNS_NAMED])
        more = len(missing) - MOST_COLUMNS_NAMED
        _refuse(
            path,
            f"{file.name} is no run over prompts: it has no columns {named}"
            + (f" and {more} more." if more > 0 else "."),
            REMEDY,
        )
    for field in SCHEMA:
        kind = found.field(field.name).type
        if _sort(kind) != _sort(field.type) and _has_values(file, field.name):
            _refuse(
                path,
                f"{file.name} is no run over prompts: in column {field.name} is {kind}, not {field.type}.",
                REMEDY,
            )


def _sort(kind: pa.DataType) -> str:
    """What is the same for us: other programs write longer numbers."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return "number"  # a whole number beside a null is a float in pandas
    return str(kind)


def _has_values(file: Path, column: str) -> bool:
    """Other programs give a column of nothing but nulls any type."""
    with pq.ParquetFile(file) as opened:
        return any(batch.column(0).null_count < len(batch) for batch in opened.iter_batches(columns=[column]))


def _remedy(path: Path) -> str:
    """Only of a part that lies among others is it sure that nobody misses it."""
    return MEASURE_AGAIN if path.is_dir() else REMEDY


def _first_line(problem: BaseException) -> str:
    return str(problem).strip().partition("\n")[0].rstrip(".")[:200] + "."


def _refuse(path: Path, found: str, remedy: str) -> NoReturn:
    asked = f"Read the runs in {str(path)[:LONGEST_NAME]}."
    raise RunsError(asked=asked, found=found, remedy=remedy)
