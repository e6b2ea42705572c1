"""Where prompts come from: tasks, a file, runs; what is chosen stands in the address."""

from pathlib import Path

import pytest

from llm_tt.app.roles.sources import FIRST_TASKS, MOST_ENTRIES, Finished
from llm_tt.settings import SETTINGS_VARIABLE, bundled
from tests.app.driving import link_of, page_of_link, words


def test_tasks_and_their_numbers_are_in_the_address(open_roles):
    page = open_roles()
    assert page.multiselect(key="tasks").value == ["indirect_object", "capital"]
    assert link_of(page)["tasks"] == "indirect_object,capital"
    assert link_of(page)["prompts-each"] == "10"


def test_tasks_that_are_none_are_passed_over(monkeypatch):
    monkeypatch.setattr("llm_tt.app.roles.measured.QUICK_MODEL", 0)  # so that nothing is measured
    page = page_of_link("roles", tasks="poetry,<b>")
    assert not page.exception
    assert page.multiselect(key="tasks").value == list(FIRST_TASKS)
    page.multiselect(key="tasks").set_value([]).run()
    assert "Choose at least one task" in words(page)


def test_more_prompts_than_a_dashboard_measures_are_not_begun(monkeypatch):
    monkeypatch.setenv(SETTINGS_VARIABLE, str(bundled("config/hosted.toml")))
    page = page_of_link("roles", **{"tasks": "indirect_object,induction,capital", "prompts-each": "200"})
    assert not page.exception
    assert "These are 600 prompts, and this dashboard measures at most 500 together." in words(page)


def test_a_file_of_prompts_is_measured_as_far_as_somebody_waits(monkeypatch):
    monkeypatch.setattr("llm_tt.app.roles.sources.MOST_ENTRIES", 2)
    page = page_of_link("roles", **{"prompts-from": "file"})
    assert "With answers, the page says" in words(page)
    lines = b'{"prompt": "The capital of France is", "answer": " Paris"}\n{"prompt": "A"}\n{"prompt": "B"}\n'
    page.file_uploader(key="roles-upload").upload("mine.jsonl", lines, "application/json").run()
    assert not page.exception
    assert "The last 1 prompts of the file are left out" in words(page)
    assert MOST_ENTRIES > 2


def test_a_file_that_is_none_is_said():
    page = page_of_link("roles", **{"prompts-from": "file"})
    page.file_uploader(key="roles-upload").upload("mine.json", b"{", "application/json").run()
    assert not page.exception
    assert "It is no JSON" in words(page)


def test_the_same_rows_have_the_same_key(tmp_path):
    one, other = Finished("a", content=b"x"), Finished("b", content=b"x")
    assert one.key == other.key != Finished("a", content=b"y").key
    folder = Finished("f", place=tmp_path)
    before = folder.key
    (tmp_path / "part-00000.parquet").write_bytes(b"")
    assert folder.key != before
    assert Finished("nothing", place=Path("/nowhere")).key


@pytest.mark.parametrize(("settings", "has_folder"), [("local", True), ("hosted", False)])
def test_no_folder_of_the_server_can_be_named_on_a_hosted_dashboard(monkeypatch, settings, has_folder):
    monkeypatch.setenv(SETTINGS_VARIABLE, str(bundled(f"config/{settings}.toml")))
    page = page_of_link("roles", **{"prompts-from": "runs"})
    assert not page.exception
    assert ("runs-folder" in [box.key for box in page.text_input]) == has_folder
