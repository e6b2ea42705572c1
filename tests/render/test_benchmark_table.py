"""The same rows in a terminal and in the README."""

from rich.console import Console

from llm_tt.benchmark.row import Row
from llm_tt.render.benchmark_table import as_markdown, as_rich_table, machine

ROWS = [
    Row("capture", 32, "1.02 x", "1.00-1.05", "≤ 1.1 x", True),
    Row("ifr", 128, "0.40 x", "0.30-0.50", "≤ 0.3 x", False),
    Row("ifr, l2", 128, "0.20 x", "0.19-0.30", "", None),
]


def test_markdown():
    lines = as_markdown(ROWS).splitlines()
    assert lines[0] == "| work | tokens | measured | spread | goal |  |"
    assert lines[2] == "| capture | 32 | 1.02 x | 1.00-1.05 | ≤ 1.1 x | ✓ |"
    assert lines[3].endswith("| ≤ 0.3 x | ✗ |")
    assert lines[4].endswith("|  |  |")
    assert machine() in lines[-1]


def test_terminal():
    console = Console(width=120, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(as_rich_table(ROWS))
    assert "capture" in captured.get()
    assert "✗" in captured.get()
    assert "threads" in captured.get()
