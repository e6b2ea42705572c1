"""`llm-tt benchmark`: the table of the README, and an object."""

import pytest

import llm_tt
from llm_tt.model import loading
from tests.cli.running import answered, run, said


@pytest.fixture(autouse=True)
def smaller(monkeypatch):
    monkeypatch.setattr(loading, "load_model", lambda _: llm_tt.load_model("untrained"))


def test_the_table_of_the_readme():
    assert "| ifr, exact, all rows | 8 |" in said(
        "benchmark", "--tokens", "8", "--turns", "1", "--only", "passes", "--markdown"
    )


def test_parts_are_measured_alone():
    rows = answered("benchmark", "--turns", "1", "--only", "index")["rows"]
    assert [row["work"] for row in rows] == ["index of 2,048 neurons", "search over them"]
    assert "Invalid value for '--only'" in run("benchmark", "--only", "cakes").stderr


def test_for_programs():
    found = answered("benchmark", "--tokens", "8", "--turns", "1", "--only", "passes")
    assert found.keys() == {"machine", "rows"}
    assert found["rows"][0].keys() == {"work", "n_tokens", "measured", "spread", "goal", "reached"}


@pytest.mark.parametrize("lengths", ["short", "8,", "0", "-3", ""])
def test_lengths_are_numbers(lengths):
    result = run("benchmark", "--tokens", lengths)
    assert result.exit_code == 2
    assert "such as 32,128" in result.stderr.replace("\n", " ")
