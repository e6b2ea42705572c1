"""The folder of a job: made, gone on with, refused; damaged parts are no parts."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from llm_tt.batch.entries import BadEntry
from llm_tt.batch.job import Job
from llm_tt.batch.job_folder import JOB_FILE, JobFolder
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.part_files import StoredRows
from llm_tt.batch.schema import SCHEMA
from llm_tt.errors import ExportError

JOB = Job("small-world", "f", "float32", "p.jsonl", "d", 10, BatchOptions(), 4)


def part(number):
    return StoredRows(SCHEMA.empty_table(), (BadEntry(number, "x"),), 3)


def test_parts_that_are_there_are_found_again(tmp_path):
    place = tmp_path / "runs.parquet"
    with JobFolder.opened(place, JOB) as folder:
        assert folder.finished() == ({}, [])
        folder.write(2, part(9))
        folder.write(0, part(1))
    with JobFolder.opened(place, JOB) as folder:
        found, damaged = folder.finished()
        assert ({number: figures.n_entries for number, figures in found.items()}, damaged) == (
            {0: 4, 2: 4},
            [],
        )
        assert folder.read(2).skipped == (BadEntry(9, "x"),)
    assert sorted(path.name for path in place.iterdir() if not path.name.startswith("_")) == [
        "part-00000.parquet",
        "part-00002.parquet",
    ]


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_a_damaged_part_is_taken_away_and_told(tmp_path, damage):
    with JobFolder.opened(tmp_path, JOB) as folder:
        for number in range(2):
            folder.write(number, part(number))
    path = tmp_path / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-7] if damage is None else damage)
    with JobFolder.opened(tmp_path, JOB) as folder:
        found, damaged = folder.finished()
    assert (list(found), damaged, path.exists()) == ([0], [1], False)


def test_another_job_is_refused_until_it_may_be_overwritten(tmp_path):
    with JobFolder.opened(tmp_path, JOB) as folder:
        folder.write(0, part(1))
    (tmp_path / "notes.txt").write_text("mine")
    other = replace(JOB, options=BatchOptions(density=0.5))
    with (
        pytest.raises(ExportError, match="What differs: density"),
        JobFolder.opened(tmp_path, other),
    ):
        pass
    with JobFolder.opened(tmp_path, other, overwrite=True) as folder:
        assert folder.finished() == ({}, [])
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_what_a_kill_left_half_is_cleared_away(tmp_path):
    with JobFolder.opened(tmp_path, JOB):
        pass
    left = tmp_path / ".0123456789abcdef.unfinished"
    left.write_bytes(b"half")
    with JobFolder.opened(tmp_path, JOB) as folder:
        assert folder.finished() == ({}, [])
    assert not left.exists()


def test_a_file_a_missing_place_and_a_stranger_s_folder_are_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "data.parquet").write_bytes(b"theirs")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / JOB_FILE).write_text("{")
    for place, found in (
        (tmp_path / "file", "There is a file of that name"),
        (tmp_path / "no" / "such", "There is no folder"),
        (stranger, "no _job.json that says"),
        (broken, "cannot be read"),
        (tmp_path / "a\0b", "no folder's name"),
    ):
        with pytest.raises(ExportError, match=found), JobFolder.opened(place, JOB):
            pass
    assert (stranger / "data.parquet").read_bytes() == b"theirs"
    with JobFolder.opened(broken, JOB, overwrite=True):
        pass


def test_one_process_fills_it(tmp_path):
    script = f"""
from tests.batch.test_job_folder import JOB, JobFolder
from llm_tt.errors import ExportError
from pathlib import Path
try:
    with JobFolder.opened(Path({str(tmp_path)!r}), JOB):
        print("open")
except ExportError as problem:
    print(problem.found)
"""
    with JobFolder.opened(tmp_path, JOB):
        found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "Another process is filling this folder.\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ExportError, match="cannot be written"), JobFolder.opened(tmp_path / "runs", JOB):
            pass
    finally:
        tmp_path.chmod(0o700)
