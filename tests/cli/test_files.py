"""Where results go: one place or one for each prompt, whole or not at all."""

import os
from pathlib import Path

import pytest
import typer

from llm_tt.cli.files import output_paths, write_file
from llm_tt.errors import ExportError
from tests.cli.running import PROMPT, run


def test_one_prompt_has_one_place_and_several_have_numbers(tmp_path):
    assert output_paths(None, 3) == []
    assert output_paths(tmp_path / "a.html", 1) == [tmp_path / "a.html"]
    assert output_paths(tmp_path / "a-{n}.html", 2) == [tmp_path / "a-1.html", tmp_path / "a-2.html"]


def test_several_prompts_and_one_place_are_refused_with_a_pattern():
    with pytest.raises(typer.BadParameter, match=r"There are 2 prompts.*'out-\{n\}.html'"):
        output_paths(Path("out.html"), 2)
    with pytest.raises(typer.BadParameter, match="There are 2 prompts"):
        output_paths(Path("-"), 2)


def test_writing_and_printing_at_once_is_refused(tmp_path):
    with pytest.raises(typer.BadParameter, match="not both"):
        output_paths(tmp_path / "a.json", 1, as_json=True)


@pytest.mark.parametrize(("name", "found"), [("no/a.html", "There is no folder"), (".", "That is a folder")])
def test_a_place_that_cannot_be_is_said_before_the_work(name, found, tmp_path, monkeypatch):
    with pytest.raises(ExportError, match=found):
        output_paths(tmp_path / name, 1)
    monkeypatch.setattr("llm_tt.model.loading.load_model", lambda _: pytest.fail("that takes seconds"))
    result = run("graph", "small-world", PROMPT, "-o", str(tmp_path / name), "--format", "json")
    assert isinstance(result.exception, ExportError)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "a.txt"
    write_file(place, b"old")
    write_file(place, b"new")
    assert place.read_bytes() == b"new"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ExportError, match="The disk is full"):
        write_file(place, b"newer")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert place.read_bytes() == b"new"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_where_one_may_not_write_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="Permission denied"):
        write_file(tmp_path / "a.txt", b"x")
