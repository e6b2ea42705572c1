"""The command `llm-tt faithfulness`: how much of predictions the graphs of each method keep."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from llm_tt.cli.choices import one_of
from llm_tt.cli.opening import open_model
from llm_tt.cli.options import Json
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import console, print_all, print_json


def faithfulness(  # noqa: PLR0913 (options of a command)
    task: Annotated[str, typer.Option(help="A task of the small world, or ioi for indirect_object.")] = "ioi",
    method: Annotated[
        list[str] | None,
        typer.Option(help="ifr, ifr-flow, relp, gradact or dla; repeat it for several. All."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="A built-in name, a local folder, or a hub name.")
    ] = "small-world",
    prompts: Annotated[int, typer.Option(min=1, help="How many held-out prompts.")] = 20,
    baseline: Annotated[str, typer.Option(help="What cut edges bring instead: mean or zero.")] = "mean",
    truth: Annotated[bool, typer.Option(help="Also cut every single edge: the ceiling, slow.")] = True,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the figure (HTML) and the numbers (JSON)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare how much of the predictions the graphs of each method keep, with random edges as the floor.

    With --json: model, task, baseline, n_prompts, densities and summaries (ranking; spearman, retained at
    each density, retained_area and distance_area, each with mean, low and high).
    """
    from llm_tt.faithfulness.comparison import RANKINGS
    from llm_tt.faithfulness.tasks import ALIASES, compare_on_task
    from llm_tt.render.faithfulness_report import as_table, write_report
    from llm_tt.smallworld.generation import task_names

    one_of(task, (*ALIASES, *task_names()), "--task")
    one_of(baseline, ("mean", "zero"), "--baseline")
    rankings = tuple(one_of(name, RANKINGS, "--method") for name in method or RANKINGS)
    opened = open_model(model)
    with working("comparing") as update:
        options = {"n_prompts": prompts, "baseline": baseline, "with_truth": truth}
        report = compare_on_task(opened, task, rankings, report=update, **options)  # type: ignore[arg-type]
    if as_json:
        print_json(asdict(report))
    else:
        console().print(as_table(report))
    written = [] if output is None else write_report(report, output)
    if not as_json:
        print_all([f"written: {path}" for path in written])
