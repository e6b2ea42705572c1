"""A comparison of methods as a table, as JSON and as a figure."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from rich.text import Text

from llm_tt.faithfulness.tasks import TaskComparison
from llm_tt.render.faithfulness_figure import faithfulness_figure
from llm_tt.render.number_words import percent_text
from llm_tt.writing import refuse, write_whole

SHOWN_DENSITY = 0.05


def as_table(comparison: TaskComparison) -> Table:
    """One row a ranking."""
    table = Table(
        title=Text(f"{comparison.task}: {comparison.n_prompts} prompts, {comparison.model}"),
        caption=f"means over prompts, 95 % bootstrap intervals; cut edges bring their {comparison.baseline}",
    )
    table.add_column("ranked by")
    for heading in (
        "Spearman with truth",
        f"kept at {percent_text(SHOWN_DENSITY, 0)}",
        "CPR (high)",
        "CMD (low)",
    ):
        table.add_column(heading, justify="right")
    shown = comparison.densities.index(SHOWN_DENSITY)
    for row in comparison.summaries:
        agreement = "" if row.spearman is None else str(row.spearman)
        table.add_row(
            row.ranking, agreement, str(row.retained[shown]), str(row.retained_area), str(row.distance_area)
        )
    return table


def write_report(comparison: TaskComparison, folder: Path) -> list[Path]:
    """The numbers and the figure; a figure page needs no network.

    Raises:
        ExportError: they cannot be written there.
    """
    retained = {row.ranking: row.retained for row in comparison.summaries}
    title = f"{comparison.task.replace('_', ' ')}, {comparison.n_prompts} prompts, {comparison.model}"
    figure = faithfulness_figure(comparison.densities, retained, title)
    numbers, page = (folder / f"faithfulness-{comparison.task}.{kind}" for kind in ("json", "html"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        refuse(folder, problem)
    write_whole(numbers, (json.dumps(asdict(comparison), indent=2) + "\n").encode())
    write_whole(page, figure.to_html(include_plotlyjs=True).encode())
    return [numbers, page]
