"""What cannot be read as runs is refused by name; what other programs wrote of our columns is read."""

import json
import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llm_tt.batch.part_files import StoredRows, part_bytes
from llm_tt.errors import RunsError
from llm_tt.summaries.run_files import files_of_runs, job_of_runs
from llm_tt.summaries.runs import open_runs
from tests.summaries.planted_runs import planted_rows, random_contributions, table_of


@pytest.fixture
def folder(tmp_path):
    """Two parts of one job."""
    place = tmp_path / "runs.parquet"
    place.mkdir()
    for number, first in enumerate((1, 9)):
        rows = table_of(planted_rows(random_contributions(8, seed=number), first_entry=first))
        (place / f"part-{number:05}.parquet").write_bytes(
            part_bytes("a job", number, StoredRows(rows, (), 8))
        )
    return place


def refused(path) -> RunsError:
    with pytest.raises(RunsError) as caught:
        files_of_runs(path)
    assert str(path) in caught.value.asked
    return caught.value


def test_a_folder_is_its_parts_and_nothing_else(folder):
    (folder / "_job.json").write_text("{}")
    (folder / "notes.parquet").write_text("not a part")
    assert [path.name for path in files_of_runs(folder)] == ["part-00000.parquet", "part-00001.parquet"]
    assert open_runs(folder).n_prompts == 16


def test_a_part_cut_short_is_named(folder):
    part = folder / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-100])
    assert "part-00001.parquet is damaged" in refused(folder).found
    assert "measures its prompts again" in refused(folder).remedy


def test_no_changed_byte_becomes_another_number(folder):
    """Also where it could still be decompressed: then it would look like any number."""
    part = folder / "part-00000.parquet"
    whole, read = part.read_bytes(), numbers_of(folder)
    places = range(40, len(whole) // 2, len(whole) // 48)
    n_refused = 0
    for place in places:
        part.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            found = numbers_of(folder)
        except RunsError as error:
            assert part.name in error.found
            n_refused += 1
        else:  # where nothing is kept that is read
            np.testing.assert_array_equal(found, read)
    assert n_refused > len(places) / 2


def numbers_of(folder):
    columns = open_runs(folder).ask("SELECT contribution, share, rank, attends_previous FROM {rows}")
    return np.stack(list(columns.values()))


def test_a_foreign_table_is_named_with_what_it_lacks(tmp_path):
    file = tmp_path / "iris.parquet"
    pq.write_table(pa.table({"petal": [1.0], "prompt": ["x"]}), file)
    found = refused(file).found
    assert "iris.parquet is no run over prompts" in found
    assert "entry, group, n_tokens" in found
    assert "petal" not in found


def test_a_column_of_another_sort_is_named(folder, tmp_path):
    table = table_of(planted_rows(random_contributions(2)))
    at = table.schema.get_field_index("share")
    file = tmp_path / "words.parquet"
    pq.write_table(table.set_column(at, "share", pa.array(["much"] * table.num_rows)), file)
    assert "in column share is string, not float" in refused(file).found


@pytest.mark.parametrize("name", ["nothing", "empty", "text.parquet"])
def test_what_is_not_there_is_said(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.parquet").write_text("no parquet at all")
    says = {
        "nothing": "Nothing is at",
        "empty": "No .parquet file lies in that folder",
        "text.parquet": "is damaged, or no parquet",
    }
    assert says[name] in refused(tmp_path / name).found


def test_nobody_is_told_to_remove_a_file_of_their_own(tmp_path):
    (tmp_path / "thesis.parquet").write_text("years of work")
    assert "Remove" not in refused(tmp_path / "thesis.parquet").remedy


def test_parts_of_two_jobs_are_not_mixed(folder):
    rows = table_of(planted_rows(random_contributions(2)))
    (folder / "part-00002.parquet").write_bytes(part_bytes("another job", 2, StoredRows(rows, (), 2)))
    assert "part-00000.parquet and part-00002.parquet are parts of different jobs" in refused(folder).found


def test_what_pandas_wrote_is_read(tmp_path):
    rows = planted_rows(random_contributions(3), groups=["a", None, "b"])
    frame = pd.DataFrame(rows).reindex(columns=table_of(rows).column_names)
    frame.to_parquet(tmp_path / "pandas.parquet")
    kinds = pq.read_schema(tmp_path / "pandas.parquet")
    assert kinds.field("head").type == pa.float64(), "whole numbers beside nulls: the test would test nothing"
    assert open_runs(tmp_path / "pandas.parquet").groups == ("a", "b")


def test_names_of_folders_are_no_patterns(tmp_path):
    place = tmp_path / "runs[1]*"
    place.mkdir()
    pq.write_table(table_of(planted_rows(random_contributions(3))), place / "part-00000.parquet")
    assert open_runs(place).n_prompts == 3


def test_the_job_beside_the_parts_is_read_if_it_is_one(folder):
    assert job_of_runs(folder) is None
    (folder / "_job.json").write_text(json.dumps({"format": 99}))
    assert job_of_runs(folder) is None
    shutil.rmtree(folder)
    assert job_of_runs(folder) is None


def test_numbers_survive_the_file(folder):
    """Single precision, as the schema has it."""
    planted = random_contributions(8, seed=0)
    found = open_runs(folder).ask(
        "SELECT contribution FROM {rows} WHERE component = 'L1H2' AND entry <= 8 ORDER BY entry"
    )["contribution"]
    np.testing.assert_array_equal(found, planted[:, 6].astype(np.float32))
