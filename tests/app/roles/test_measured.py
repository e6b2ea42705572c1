"""Rows are measured once and kept; a large model waits until somebody says so; runs are read."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from llm_tt.app.cached import kept
from llm_tt.summaries.report import summarize_runs
from tests.app.driving import link_of, page_of_link, words
from tests.summaries.planted_runs import planted_rows, random_contributions, table_of


@pytest.fixture
def parquet(tmp_path):
    attention = {"previous": np.tile([0.9, 0.1, 0.1, 0.1, 0.1, 0.1], (8, 1))}
    file = tmp_path / "runs.parquet"
    pq.write_table(table_of(planted_rows(random_contributions(8), attention=attention)), file)
    return file


def test_what_was_measured_is_kept(open_roles, monkeypatch):
    open_roles()
    monkeypatch.setattr("llm_tt.app.roles.measured.measure_all", None)  # so that it cannot be measured again
    assert "heads have a role" in words(open_roles())


def test_a_large_model_waits_for_a_word(monkeypatch):
    monkeypatch.setattr("llm_tt.app.roles.measured.QUICK_MODEL", 0)
    page = page_of_link("roles", **{"prompts-from": "file"})
    page.file_uploader(key="roles-upload").upload("mine.txt", b"A dog\nA cat", "text/plain").run()
    assert [button.label for button in page.button if button.key == "measure"] == ["Measure 2 prompts"]
    page.button(key="measure").click().run()
    assert not page.exception
    assert "Prompts behind it" in words(page)


def test_prompts_that_cannot_be_measured_are_told_and_alone_an_error():
    page = page_of_link("roles", **{"prompts-from": "file"})
    lines = '{"prompt": "The capital of France is"}\nnothing\n{"prompt": "x", "answer": " no such token"}\n'
    page.file_uploader(key="roles-upload").upload("mine.jsonl", lines.encode(), "application/json").run()
    assert not page.exception
    assert "2 prompts could not be measured" in words(page)
    page.file_uploader(key="roles-upload").set_value(None)
    page.file_uploader(key="roles-upload").upload("mine.jsonl", b"nothing\n", "application/json").run()
    assert "None could be measured. The first, number 1" in words(page)


def test_runs_of_a_folder_and_of_a_file(parquet):
    page = page_of_link("roles", **{"prompts-from": "runs"})
    page.text_input(key="runs-folder").set_value(str(parquet)).run()
    assert not page.exception
    assert "previous-token head" in str([frame.value.to_dict() for frame in page.dataframe])
    page = page_of_link("roles", **{"prompts-from": "runs"})
    page.file_uploader(key="runs-upload").upload("mine.parquet", parquet.read_bytes(), "x").run()
    assert "1 head has a role by evidence" in words(page)


def test_a_link_to_a_folder_opens_it_and_both_ways_to_ask_are_one_report(parquet, monkeypatch):
    from llm_tt.app.roles import measured

    asked = []
    monkeypatch.setattr(
        measured, "summarize_runs", lambda *given: asked.append(given) or summarize_runs(*given)
    )
    page = page_of_link("roles", **{"prompts-from": "runs", "runs-folder": str(parquet)})
    assert "1 head has a role by evidence" in words(page)
    assert len(asked) == 1
    assert link_of(page)["runs-folder"] == str(parquet)


def test_runs_that_are_none_are_an_error_in_three_sentences(tmp_path):
    page = page_of_link("roles", **{"prompts-from": "runs"})
    page.text_input(key="runs-folder").set_value(str(tmp_path / "nowhere")).run()
    assert not page.exception
    assert "Nothing is at" in words(page)


def test_room_is_counted(open_roles):
    open_roles()
    sizes = [size for key, (_, size) in kept._values.items() if key[0] == "measured prompts"]
    assert sizes
    assert min(sizes) > 10_000
