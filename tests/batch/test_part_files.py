"""A part as bytes: what was written comes back, and nothing else does."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.part_files import DamagedPartError, StoredRows, part_bytes, read_part
from llm_tt.batch.schema import SCHEMA


@pytest.fixture(scope="module")
def part(small_world):
    entries = [Entry(1, "The capital of France is", group="g"), BadEntry(2, "It is “no” JSON.\n")]
    rows, skipped = measure_all(small_world, entries, BatchOptions(measure=False))
    return StoredRows(rows, tuple(skipped), 1)


def test_it_comes_back(part):
    found = read_part("job", 3, part_bytes("job", 3, part))
    assert found.rows.replace_schema_metadata(None).equals(part.rows)
    assert (found.skipped, found.n_measured) == (part.skipped, 1)
    assert (part.figures.n_entries, part.figures.n_rows) == (2, part.rows.num_rows)


def test_a_part_without_rows_comes_back():
    empty = StoredRows(SCHEMA.empty_table(), (BadEntry(1, "x"),), 0)
    found = read_part("job", 0, part_bytes("job", 0, empty))
    assert (found.rows.num_rows, found.skipped, found.n_measured) == (0, empty.skipped, 0)


def test_equal_parts_are_equal_bytes(part):
    assert part_bytes("job", 0, part) == part_bytes("job", 0, part)


@pytest.mark.parametrize(("job", "number"), [("other", 3), ("job", 4)])
def test_another_job_s_part_is_none_of_ours(part, job, number):
    with pytest.raises(DamagedPartError):
        read_part(job, number, part_bytes("job", 3, part))


def test_a_changed_byte_is_seen_wherever_it_stands(part):
    whole = part_bytes("job", 3, part)
    read = read_part("job", 3, whole)
    step = max(1, len(whole) // 400)
    for place in range(0, len(whole), step):
        changed = bytearray(whole)
        changed[place] ^= 0x41
        try:
            found = read_part("job", 3, bytes(changed))
        except DamagedPartError:
            continue
        # Places that mean nothing to a reader, such as statistics: what was read is what was written.
        assert found.rows.equals(read.rows), place
        assert (found.skipped, found.n_measured) == (read.skipped, read.n_measured), place


def test_half_of_it_and_other_files_are_refused(part):
    whole = part_bytes("job", 3, part)
    for content in (b"", b"PAR1", whole[: len(whole) // 2], whole[:-1], whole[1:], b"text" * 100):
        with pytest.raises(DamagedPartError):
            read_part("job", 3, content)
    foreign = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}), foreign)
    with pytest.raises(DamagedPartError):
        read_part("job", 3, foreign.getvalue().to_pybytes())
