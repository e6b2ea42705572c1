"""`llm-tt faithfulness`: a table, an object, and files."""

import pytest

from tests.cli.running import answered, run, said

QUICK = ["faithfulness", "--task", "capital", "--method", "relp", "--prompts", "2", "--no-truth"]


def test_a_table_and_files(tmp_path):
    printed = said(*QUICK, "--output", str(tmp_path / "out"))
    assert "capital: 2 prompts, small-world" in printed
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"faithfulness-capital.json", "faithfulness-capital.html"}
    assert f"written: {tmp_path / 'out' / 'faithfulness-capital.json'}" in printed


def test_for_programs(tmp_path):
    found = answered(*QUICK, "--output", str(tmp_path / "out"))
    assert found.keys() == {"model", "task", "baseline", "n_prompts", "densities", "summaries"}
    assert [summary["ranking"] for summary in found["summaries"]] == ["relp", "random"]
    assert found["summaries"][0]["retained_area"].keys() == {"mean", "low", "high"}
    assert (tmp_path / "out").is_dir()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--task", "poetry"], "Choose one of ioi"),
        (["--task", "captial"], "Did you mean capital?"),
        (["--method", "eap"], "Choose one of ifr"),
        (["--method", "ifrflow"], "Did you mean ifr-flow?"),
        (["--baseline", "men"], "Did you mean mean?"),
    ],
)
def test_what_is_not_known_is_said(arguments, says):
    result = run("faithfulness", "--prompts", "1", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_place_that_is_no_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    result = run(*QUICK, "--output", str(tmp_path / "file" / "out"))
    assert "cannot be written" in str(result.exception)
