"""Opened runs: what they say of themselves, what they refuse, and that they lead to nothing else."""

import gc
import threading

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from llm_tt.batch.options import BatchOptions
from llm_tt.batch.running import run_batch
from llm_tt.batch.schema import SCHEMA
from llm_tt.errors import RunsError
from llm_tt.summaries import runs as runs_module
from llm_tt.summaries.runs import open_runs, runs_of_bytes, runs_of_table
from tests.summaries.planted_runs import planted, planted_rows, random_contributions, table_of


def test_prompts_methods_and_groups_in_their_order():
    one = planted_rows(random_contributions(3), method="relp", groups=["z", "a", None])
    two = planted_rows(random_contributions(3), method="ifr", groups=["z", "a", None])
    runs = runs_of_table(table_of(one + two), "two methods")
    assert (runs.n_prompts, runs.groups) == (3, ("z", "a"))
    assert set(runs.methods) == {"relp", "ifr"}
    assert runs.method_named(None) == runs.methods[0]


def test_what_was_not_measured_is_refused_with_what_was():
    runs = planted(random_contributions(2), groups=["a", "b"])
    with pytest.raises(RunsError, match="measured by relp, not by ifr"):
        runs.method_named("ifr")
    with pytest.raises(RunsError, match="No prompt belongs to the group 'c'; the groups are: a, b"):
        runs.check_group("c")
    with pytest.raises(RunsError, match="Give prompts a group"):
        planted(random_contributions(2)).check_group("c")


def test_an_empty_table_is_refused():
    with pytest.raises(RunsError, match="not a single row"):
        runs_of_table(SCHEMA.empty_table(), "empty")


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("SELECT * FROM read_parquet('{elsewhere}')", "Cannot access file"),
        ("SELECT * FROM read_csv('/etc/hostname')", "Cannot access file"),
        ("COPY (SELECT 1) TO '{elsewhere}.csv'", "Cannot access file"),
        ("ATTACH '{elsewhere}.db'", "Cannot access"),
        ("INSTALL httpfs", "Cannot access"),
        ("LOAD httpfs", "[Dd]isabled|Cannot access|not find|not found"),
        ("SET enable_external_access = true", "configuration"),
        ("SET memory_limit = '99GB'", "configuration has been locked"),
        ("SET autoload_known_extensions = true", "configuration"),
    ],
)
def test_nothing_else_can_be_read_or_written(tmp_path, statement, refused):
    elsewhere = tmp_path / "elsewhere.parquet"
    pq.write_table(table_of(planted_rows(random_contributions(1))), elsewhere)
    runs = planted(random_contributions(2))
    with pytest.raises(duckdb.Error, match=refused):
        runs._connection.execute(statement.replace("{elsewhere}", str(elsewhere)))
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere.parquet"]
    assert runs.ask("SELECT count(*) AS n FROM {rows}")["n"][0] == 16, "it still answers"


def test_values_are_no_sql():
    runs = planted(random_contributions(2), groups=["'; DROP TABLE x; --", "{rows}"])
    for group in runs.groups:
        runs.check_group(group)
        found = runs.ask('SELECT count(DISTINCT entry) AS n FROM {rows} WHERE "group" = $group', group=group)
        assert found["n"][0] == 1


def test_a_file_handed_over_is_kept_as_long_as_it_is_held(tmp_path):
    file = tmp_path / "mine.parquet"
    pq.write_table(table_of(planted_rows(random_contributions(2))), file)
    runs = runs_of_bytes(file.read_bytes(), "mine.parquet")
    (kept,) = runs.files
    assert runs.n_prompts == 2
    assert kept.exists()
    assert kept != file
    del runs
    gc.collect()
    assert not kept.exists()


def test_a_small_file_of_very_many_rows_is_refused_before_it_is_read(monkeypatch, tmp_path):
    row = planted_rows(random_contributions(1))[:1]
    file = tmp_path / "same.parquet"
    pq.write_table(pa.concat_tables([table_of(row * 1000)] * 100), file)
    assert file.stat().st_size < 60_000
    monkeypatch.setattr(runs_module, "MOST_ROWS_HANDED_OVER", 50_000)
    with pytest.raises(RunsError, match="They have 100,000 rows, and at most 50,000"):
        runs_of_bytes(file.read_bytes(), "same.parquet")


def test_a_damaged_file_handed_over_is_told_by_its_own_name():
    with pytest.raises(RunsError) as caught:
        runs_of_bytes(b"PAR1 not really", "mine.parquet")
    assert "mine.parquet" in caught.value.asked
    assert "mine.parquet is damaged" in caught.value.found
    assert "/tmp" not in str(caught.value)


def test_a_file_that_changed_meanwhile_is_an_error_and_no_number(tmp_path):
    file = tmp_path / "runs.parquet"
    pq.write_table(table_of(planted_rows(random_contributions(200))), file)
    runs = open_runs(file)
    file.write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(RunsError, match="no longer what it was"):
        runs.ask("SELECT sum(share) FROM {rows}")


def test_several_threads_may_ask():
    runs = planted(random_contributions(50))
    whole = runs.ask("SELECT sum(contribution) AS n FROM {rows}")["n"][0]
    found = []

    def ask() -> None:
        found.extend(runs.ask("SELECT sum(contribution) AS n FROM {rows}")["n"][0] for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose(found, [whole] * 80)


def test_a_job_says_its_model_and_what_is_missing(tmp_path, tiny_model):
    prompts = tmp_path / "prompts.csv"
    prompts.write_text("prompt\none\ntwo\nthree\n")
    place = tmp_path / "runs.parquet"
    run_batch(tiny_model, prompts, place, BatchOptions(measure=False), prompts_per_part=1)
    runs = open_runs(place)
    assert (runs.n_prompts, runs.model, runs.notice) == (3, tiny_model.spec.source, "")
    (place / "part-00001.parquet").unlink()
    runs = open_runs(place)
    assert runs.n_prompts == 2
    assert runs.notice == "The job is not finished: 1 of 3 parts are missing."
