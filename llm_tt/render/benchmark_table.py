"""The benchmark as a table, for a terminal and for the README."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

import torch
from rich.table import Table

from llm_tt.benchmark.row import Row

COLUMNS = ("work", "tokens", "measured", "spread", "goal", "")


def as_rich_table(rows: Sequence[Row]) -> Table:
    """For a terminal."""
    table = Table(title="x = one plain forward pass", caption=machine())
    for column in COLUMNS:
        table.add_column(column)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def as_markdown(rows: Sequence[Row]) -> str:
    """For the README."""
    lines = [
        "| " + " | ".join(COLUMNS) + " |",
        "|---" * len(COLUMNS) + "|",
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
        "",
        f"{datetime.now(tz=UTC).date()}, {machine()}; x = one plain forward pass, quickest of each; "
        "ms and s are medians.",
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """What it was measured on."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {torch.get_num_threads()} threads, "
        f"Python {platform.python_version()}, torch {torch.__version__}"
    )


def _cells(row: Row) -> tuple[str, ...]:
    verdict = "" if row.reached is None else "✓" if row.reached else "✗"
    return (row.work, str(row.n_tokens or ""), row.measured, row.spread, row.goal, verdict)
