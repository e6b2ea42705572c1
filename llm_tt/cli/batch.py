"""The command `llm-tt batch`: many prompts, measured into a folder of parquet files."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from llm_tt.attribution.method_list import METHODS, SIGNED_METHOD
from llm_tt.cli import batch_options as of_batch
from llm_tt.cli.batch_progress import batch_progress
from llm_tt.cli.choices import one_of
from llm_tt.cli.opening import open_spec
from llm_tt.cli.options import Json
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import print_all, print_json
from llm_tt.errors import PromptError

if TYPE_CHECKING:
    from llm_tt.batch.options import BatchOptions
    from llm_tt.batch.progress import BatchReport
    from llm_tt.model.language_model import LanguageModel

SHOWN = 5
"""Skipped entries that are printed; --json has more, and the files have all."""


def batch(  # noqa: PLR0913 (options of a command)
    prompts: of_batch.Prompts,
    model: of_batch.Model = "small-world",
    output: of_batch.Output = Path("runs.parquet"),
    method: of_batch.Methods = None,
    target: of_batch.Target = None,
    contrast: of_batch.Contrast = None,
    density: of_batch.Density = 0.1,
    neurons: of_batch.Neurons = 10,
    edges: of_batch.Edges = 100,
    measure: of_batch.Measure = True,
    baseline: of_batch.Baseline = "mean",
    device: of_batch.Device = "auto",
    dtype: of_batch.Dtype = "float32",
    prompts_per_part: of_batch.PromptsPerPart = 64,
    overwrite: of_batch.Overwrite = False,
    ray: of_batch.Ray = None,
    workers: of_batch.Workers = None,
    cpus: of_batch.Cpus = 1.0,
    gpus: of_batch.Gpus = 0.0,
    as_json: Json = False,
) -> None:
    """Measure many prompts: what every head, MLP, strong neuron and message contributes, one row each.

    A job that was stopped goes on with the same command. Lines that cannot be read or measured are passed
    over and told; `llm-tt summarize` sums the rows up.

    With --json: folder, n_entries, n_measured, n_skipped, skipped (number, reason; at most 100), n_rows,
    n_parts, n_parts_before, parts_mended and seconds.
    """
    options = _options(method, target, contrast, density, neurons, edges, measure=measure, baseline=baseline)
    run = _runner(ray, workers, cpus, gpus)
    opened = _opened(model, device, dtype)
    with batch_progress(prompts.name) as tell:
        report = run(
            opened, prompts, output, options,
            prompts_per_part=prompts_per_part, overwrite=overwrite, report=tell,
        )  # fmt: skip
    if as_json:
        print_json(asdict(report))
    else:
        print_all([Text(line) for line in _told(report)])
    _refuse_if_nothing(report)


def _runner(ray: str | None, workers: int | None, cpus: float, gpus: float) -> Callable[..., "BatchReport"]:
    """What does the work: this process, or a cluster."""
    if ray is None:
        if workers is not None or gpus or cpus != 1.0:
            message = "Workers belong to a run on Ray: give --ray auto as well."
            raise typer.BadParameter(message, param_hint="--workers")
        from llm_tt.batch.running import run_batch

        return run_batch
    from llm_tt.batch.ray_cluster import RayWorkers
    from llm_tt.batch.ray_running import run_batch_on_ray

    return partial(run_batch_on_ray, where=RayWorkers(ray, workers, cpus, gpus))


def _options(  # noqa: PLR0913 (as the command)
    method: list[str] | None,
    target: str | None,
    contrast: str | None,
    density: float,
    neurons: int,
    edges: int,
    *,
    measure: bool,
    baseline: str,
) -> "BatchOptions":
    from llm_tt.batch.options import BatchOptions

    if target is not None:
        one_of(target, ("answer", "prediction"), "--target")
    if contrast is not None:
        one_of(contrast, ("foil", "none"), "--contrast")
    one_of(baseline, ("mean", "zero"), "--baseline")
    if not 0 < density <= 1:
        message = f"A density is above 0 and at most 1; got {density}."
        raise typer.BadParameter(message, param_hint="--density")
    return BatchOptions(
        methods=tuple(one_of(name, METHODS, "--method") for name in dict.fromkeys(method or [SIGNED_METHOD])),  # type: ignore[misc]
        target=target,  # type: ignore[arg-type]
        contrast=contrast,  # type: ignore[arg-type]
        density=density,
        neurons=neurons,
        edges=edges,
        measure=measure,
        baseline=baseline,  # type: ignore[arg-type]
    )


def _opened(model: str, device: str, dtype: str) -> "LanguageModel":
    from llm_tt.model.spec import DTYPES, ModelSpec

    one_of(dtype, DTYPES, "--dtype")
    try:
        spec = ModelSpec(model, device=device, dtype=dtype)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    with working("opening the model"):
        return open_spec(spec)


def _told(report: "BatchReport") -> list[str]:
    lines = [
        f"{report.folder}: {report.n_measured:,} prompts, {report.n_rows:,} rows in {report.n_parts:,} parts"
    ]
    if report.n_parts_before:
        lines.append(f"{report.n_parts_before:,} of the parts were there before.")
    if report.parts_mended:
        numbers = ", ".join(map(str, report.parts_mended))
        lines.append(f"Damaged parts were measured anew: {numbers}.")
    if report.n_skipped:
        lines.append(f"{report.n_skipped:,} entries were passed over:")
        lines += [f"  {entry.number}: {entry.reason}" for entry in report.skipped[:SHOWN]]
        if report.n_skipped > SHOWN:
            lines.append("  … (--json lists more)")
    return lines


def _refuse_if_nothing(report: "BatchReport") -> None:
    if report.n_measured == 0:
        first = report.skipped[0]
        raise PromptError(
            asked=f"Measure the prompts of {report.n_entries:,} entries.",
            found=f"None could be measured. The first, {first.number}: {first.reason}",
            remedy="Mend the file, or choose another model.",
        )
