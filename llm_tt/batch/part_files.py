"""One part of a job as bytes and back: its rows, and in the file's metadata what could not be measured."""

import io
import json
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from llm_tt.batch.entries import BadEntry
from llm_tt.batch.schema import SCHEMA

PART_KEY: Final = b"llm_tt"
"""In a part's metadata: to which job it belongs, and what could not be measured."""


@dataclass(frozen=True, slots=True)
class PartFigures:
    """How much is in a part."""

    n_measured: int
    n_skipped: int
    n_rows: int

    @property
    def n_entries(self) -> int:
        """Measured or not."""
        return self.n_measured + self.n_skipped


@dataclass(frozen=True, slots=True, eq=False)
class StoredRows:
    """The rows of some prompts, in their order."""

    rows: pa.Table
    skipped: tuple[BadEntry, ...]
    n_measured: int
    """Prompts that have rows."""

    @property
    def figures(self) -> PartFigures:
        """Its figures."""
        return PartFigures(self.n_measured, len(self.skipped), self.rows.num_rows)


class DamagedPartError(Exception):
    """The bytes are no part of this job, or not what was written."""


def part_bytes(job: str, number: int, part: StoredRows) -> bytes:
    """A parquet file with a checksum on every page; `job` is the identity of the job."""
    skipped = [[entry.number, entry.reason] for entry in part.skipped]
    told = {"job": job, "number": number, "measured": part.n_measured, "skipped": skipped}
    rows = part.rows.replace_schema_metadata({PART_KEY: json.dumps(told)})
    written = io.BytesIO()
    pq.write_table(rows, written, compression="zstd", write_page_checksum=True)
    return written.getvalue()


def read_part(job: str, number: int, content: bytes) -> StoredRows:
    """Read all of it, whatever it costs: only so is known that it is whole.

    Raises:
        DamagedPartError: it is another job's, or damaged.
    """
    try:
        rows = pq.read_table(io.BytesIO(content), page_checksum_verification=True)
        told = json.loads((rows.schema.metadata or {})[PART_KEY])
        if (told["job"], told["number"]) != (job, number) or not rows.schema.equals(SCHEMA):
            raise DamagedPartError
        skipped = tuple(BadEntry(int(entry), str(reason)) for entry, reason in told["skipped"])
        return StoredRows(rows, skipped, int(told["measured"]))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as problem:
        raise DamagedPartError from problem
