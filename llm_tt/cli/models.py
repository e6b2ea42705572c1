"""The commands around models: `llm-tt models` lists them, `llm-tt check` opens one and tells what holds."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from llm_tt.cli.choices import one_of
from llm_tt.cli.options import Json, Model
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import console, print_json

if TYPE_CHECKING:
    from llm_tt.model.check_up import CheckUp

SettingsOption = Annotated[Path | None, typer.Option("--settings", help="A settings file, as in config/.")]


def models(
    settings: SettingsOption = None,
    families: Annotated[
        bool, typer.Option("--families", help="List the families of models instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the models that the settings offer; any local folder or hub name of a known family opens too.

    With --json: models (name, source, note, device, dtype), or with --families: families.
    """
    if families:
        from llm_tt.model.families import supported_families  # imports Transformers, which takes seconds

        known = supported_families()
        if as_json:
            print_json({"families": list(known)})
        else:
            sys.stdout.write("\n".join(known) + "\n")
        return
    from llm_tt.settings import load_settings

    offered = load_settings(settings).models
    if as_json:
        print_json({"models": [asdict(model) | {"source": model.spec.source} for model in offered]})
        return
    table = Table("model", "device", "precision", "note")
    for model in offered:
        table.add_row(Text(model.name), model.device, model.dtype, Text(model.note))
    console().print(table)


def check(
    model: Model,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    dtype: Annotated[str, typer.Option(help="float32, bfloat16, float16 or float64.")] = "float32",
    as_json: Json = False,
) -> None:
    """Open a model and print its check-up; exit code 1 when a must-have fails.

    With --json: model, passed, checks (what, verdict, required, sentence, deviation, allowed).
    """
    check_up = _check_up(model, device, dtype)
    if as_json:
        print_json({"model": model, "passed": check_up.passed, "checks": _findings(check_up)})
    else:
        _print(model, check_up)
    if not check_up.passed:
        raise typer.Exit(1)


def _check_up(model: str, device: str, dtype: str) -> "CheckUp":
    from llm_tt.cli.opening import open_spec
    from llm_tt.model.check_up import CheckUpError
    from llm_tt.model.spec import DTYPES, ModelSpec

    one_of(dtype, DTYPES, "--dtype")
    try:
        spec = ModelSpec(model, device=device, dtype=dtype)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    try:
        with working("opening the model"):
            return open_spec(spec).self_test
    except CheckUpError as error:
        return error.check_up


def _findings(check_up: "CheckUp") -> list[dict[str, object]]:
    from llm_tt.render.check_up_table import check_up_rows

    return [
        {
            "what": row.what,
            "verdict": row.verdict,
            "required": finding.required,
            "sentence": row.sentence,
            "deviation": finding.error,
            "allowed": finding.tolerance,
        }
        for row, finding in zip(check_up_rows(check_up), check_up.findings, strict=True)
    ]


def _print(model: str, check_up: "CheckUp") -> None:
    from llm_tt.render.check_up_table import check_up_rows, check_up_summary

    table = Table("", "check", "deviation", title=Text(model))
    for row in check_up_rows(check_up):
        table.add_row(row.verdict, Text(row.sentence), row.deviation)
    printing = console()
    printing.print(table)
    printing.print(check_up_summary(check_up))
