"""A comparison as a table, as numbers and as a page that needs no network."""

import json

import pytest
from rich.console import Console

from llm_tt.errors import ExportError
from llm_tt.faithfulness.statistics import Interval
from llm_tt.faithfulness.tasks import RankingSummary, TaskComparison
from llm_tt.render.faithfulness_report import as_table, write_report

HALF = Interval(0.5, 0.4, 0.6)
DENSITIES = (0.01, 0.05, 1.0)
COMPARISON = TaskComparison(
    "small-world",
    "capital",
    "mean",
    12,
    DENSITIES,
    (
        RankingSummary("relp", Interval(0.9, 0.8, 0.95), (HALF, Interval(0.7, 0.6, 0.8), HALF), HALF, HALF),
        RankingSummary("random", None, (HALF, HALF, HALF), HALF, HALF),
    ),
)


def test_table():
    console = Console(width=140)
    with console.capture() as captured:
        console.print(as_table(COMPARISON))
    text = captured.get()
    for expected in (
        "capital: 12 prompts, small-world",
        "0.90 [0.80, 0.95]",
        "0.70 [0.60, 0.80]",
        "kept at 5 %",
        "random",
    ):
        assert expected in text


def test_files(tmp_path):
    numbers, page = write_report(COMPARISON, tmp_path / "new" / "folder")
    read = json.loads(numbers.read_text())
    assert read["task"] == "capital"
    assert read["summaries"][0]["spearman"] == {"mean": 0.9, "low": 0.8, "high": 0.95}
    html = page.read_text()
    assert "relp" in html
    assert "<script src=" not in html


def test_what_is_in_the_way_is_said_and_nothing_half_is_left(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportError, match="It cannot be written"):
        write_report(COMPARISON, tmp_path / "file" / "folder")
    monkeypatch.setattr("llm_tt.writing.put_whole", lambda *_: (_ for _ in ()).throw(OSError(28, "no room")))
    with pytest.raises(ExportError, match="The disk is full"):
        write_report(COMPARISON, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
