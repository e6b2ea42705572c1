"""A job from its file to its folder: stopped, killed, damaged, out of room, no row is lost or comes twice."""

import signal
import subprocess
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llm_tt.batch import running
from llm_tt.batch.job import entries_of
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.running import run_batch
from llm_tt.errors import ExportError
from tests.stopping import Stopped

OPTIONS = BatchOptions(neurons=3, edges=5)
SCRIPT = """
import llm_tt, resource, signal, sys
from llm_tt.batch.running import run_batch
from tests.batch.test_running import OPTIONS
if sys.argv[3] != "0":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    run_batch(llm_tt.load_model("small-world"), sys.argv[1], sys.argv[2], OPTIONS, prompts_per_part=5,
              report=lambda state: print(state.n_done, flush=True))
except llm_tt.LlmTtError as problem:
    print(problem.found, problem.remedy, flush=True)
"""


def rows_in(folder):
    return pq.read_table(folder)


@pytest.fixture(scope="module")
def whole(small_world, prompts, tmp_path_factory):
    """The job done at once."""
    folder = tmp_path_factory.mktemp("whole") / "runs.parquet"
    report = run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5)
    return folder, report


def test_all_that_can_be_measured_is_there_once_and_the_rest_is_told(whole, small_world, prompts):
    folder, report = whole
    assert (report.n_entries, report.n_measured, report.n_skipped, report.n_parts) == (22, 20, 2, 5)
    assert [entry.number for entry in report.skipped] == [8, 12]
    assert (report.n_parts_before, report.parts_mended) == (0, ())
    entries = list(entries_of(prompts))
    parts = [measure_all(small_world, entries[start : start + 5], OPTIONS)[0] for start in range(0, 22, 5)]
    found = rows_in(folder)
    assert found.num_rows == report.n_rows
    assert found.replace_schema_metadata(None).equals(pa.concat_tables(parts))


def test_a_second_time_there_is_nothing_to_do(whole, small_world, prompts):
    folder, report = whole
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    told = []
    again = run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5, report=told.append)
    assert (again.n_parts_before, again.n_measured, again.skipped) == (5, 20, report.skipped)
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.parquet")} == before
    assert [(state.n_done, state.n_before, state.seconds_left) for state in told] == [(22, 22, None)]


@pytest.mark.parametrize("at", [1, 6, 13])
def test_a_stopped_job_goes_on(whole, small_world, prompts, tmp_path, at):
    folder = tmp_path / "runs.parquet"

    def stop(state):
        if state.n_done >= at:
            raise Stopped

    with pytest.raises(Stopped):
        run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5, report=stop)
    told = []
    n_parts = len(list(folder.glob("*.parquet")))
    report = run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5, report=told.append)
    assert report.n_parts_before == n_parts >= at // 5
    assert rows_in(folder).equals(rows_in(whole[0]))
    done = [state.n_done for state in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (5 * n_parts, 22)
    assert told[-1].seconds_left == 0
    assert told[-1].rate > 0


def test_a_killed_job_goes_on(whole, small_world, prompts, tmp_path):
    folder = tmp_path / "runs.parquet"
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, prompts, folder, "0"], stdout=subprocess.PIPE, text=True
    ) as running:
        for line in running.stdout:
            if int(line) >= 12:
                running.send_signal(signal.SIGKILL)
                break
    assert running.returncode == -signal.SIGKILL
    report = run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5)
    assert 2 <= report.n_parts_before < 5
    assert report.n_measured == 20
    assert rows_in(folder).num_rows == rows_in(whole[0]).num_rows
    assert rows_in(folder)["entry"].equals(rows_in(whole[0])["entry"])
    assert not list(folder.glob(".*.unfinished"))


def test_a_damaged_part_is_measured_anew(whole, small_world, prompts, tmp_path):
    folder = tmp_path / "runs.parquet"
    run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5)
    path = folder / "part-00002.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    report = run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5)
    assert (report.parts_mended, report.n_parts_before) == ((2,), 4)
    assert rows_in(folder).equals(rows_in(whole[0]))


def test_without_room_it_says_so_and_goes_on_later(whole, small_world, prompts, tmp_path):
    folder = tmp_path / "runs.parquet"
    sizes = sorted(path.stat().st_size for path in whole[0].glob("*.parquet"))
    room = (sizes[-1] + sizes[0]) // 2  # for the smallest part, and not for the largest
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, prompts, folder, str(room)], capture_output=True, text=True, check=True
    )
    last = found.stdout.splitlines()[-1]
    assert last == "The disk is full. Make room, and give the same command again: what is finished stays."
    assert not list(folder.glob(".*.unfinished"))
    run_batch(small_world, prompts, folder, OPTIONS, prompts_per_part=5)
    assert rows_in(folder).num_rows == rows_in(whole[0]).num_rows


def test_others_read_the_folder(whole):
    folder, report = whole
    with_pandas = pd.read_parquet(folder)
    with_polars = pl.read_parquet(folder / "*.parquet").to_pandas()
    with_duckdb = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [f"{folder}/*.parquet"]).df()
    expected = rows_in(folder).to_pandas()
    assert len(expected) == report.n_rows
    for found in (with_pandas, with_polars, with_duckdb):
        assert list(found.columns) == list(expected.columns)
        assert (found["component"].to_numpy() == expected["component"].to_numpy()).all()
        assert (found["share"].to_numpy() == expected["share"].to_numpy()).all()


def test_a_job_whose_every_line_is_bad_has_parts_without_rows(small_world, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n" * 7)
    report = run_batch(small_world, path, tmp_path / "runs", OPTIONS, prompts_per_part=5)
    assert (report.n_measured, report.n_skipped, report.n_rows, report.n_parts) == (0, 7, 0, 2)
    assert rows_in(tmp_path / "runs").num_rows == 0


def test_what_is_in_the_way_is_said_before_any_work(whole, small_world, prompts, monkeypatch):
    monkeypatch.setattr(running, "measure_all", None)
    with pytest.raises(ExportError, match="What differs: neurons"):
        run_batch(small_world, prompts, whole[0], BatchOptions(neurons=4, edges=5), prompts_per_part=5)
