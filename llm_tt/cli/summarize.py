"""The command `llm-tt summarize`: what the rows of many prompts say together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import RenderableType
from rich.text import Text

from llm_tt.cli.choices import one_of
from llm_tt.cli.files import STDOUT, output_paths, write_file
from llm_tt.cli.options import Json
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import print_all, print_json

if TYPE_CHECKING:
    from llm_tt.summaries.group_difference import GroupDifference
    from llm_tt.summaries.report import Report
    from llm_tt.summaries.runs import Runs

ENDINGS: Final = (".csv", ".html")


def summarize(  # noqa: PLR0913 (options of a command)
    runs: Annotated[Path, typer.Argument(help="The folder or .parquet file that `llm-tt batch` wrote.")],
    by: Annotated[str | None, typer.Option(help="group: also each group of prompts by itself.")] = None,
    group: Annotated[str | None, typer.Option(help="Only the prompts of this group.")] = None,
    against: Annotated[
        str | None, typer.Option(help="A second group: how --group differs from it, with intervals.")
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="Of those that were measured. Default: the first.", show_default=False)
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows the tables have.")] = 10,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file: .csv (all components) or .html (maps and roles)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Sum up many prompts: which heads, MLPs and neurons matter, with intervals, and which have a role.

    Also how often each kind of message is in the graphs, how much the picture depends on which prompts were
    asked, and how far the methods agree, where several were measured.

    With --json: runs, method, group, n_prompts, parts and neurons (name, kind, layer, place, share,
    contribution, towards, median_rank, listed), roles (head, role, relation, attention, low, high, chance,
    n_prompts, share), thresholds, attention, edge_kinds, stability and agreement; with --by group, groups is
    a list of the same; with --against, difference.
    """
    _check(by, group, against)
    output_paths(output, 1, as_json=as_json)
    ending = "" if output is None else one_of(output.suffix, ENDINGS, "-o")
    with working("reading the runs") as tell:
        opened = _opened(runs, method, group, against)
        tell("summing up")
        reports = _reports(opened, method, (group, *(opened.groups if by else ())))
    if output is not None:
        _write(output, ending, reports)
    elif as_json:
        print_json(_as_json(opened, reports, against, has_groups=by is not None))
    else:
        print_all(_as_tables(opened, reports, against, top))


def _opened(path: Path, method: str | None, group: str | None, against: str | None) -> "Runs":
    """The runs, once what is asked of them is known to be there."""
    from llm_tt.summaries.runs import open_runs

    opened = open_runs(path)
    if method is not None:
        one_of(method, opened.methods, "--method")
    for option, name in (("--group", group), ("--against", against)):
        if name is not None and opened.groups:  # where there are none, the library says how to have some
            one_of(name, opened.groups, option)
    return opened


def _reports(runs: "Runs", method: str | None, groups: Sequence[str | None]) -> list["Report"]:
    from llm_tt.summaries.report import summarize_runs

    return [summarize_runs(runs, method, group) for group in groups]


def _check(by: str | None, group: str | None, against: str | None) -> None:
    if by is not None:
        one_of(by, ("group",), "--by")
    if by is not None and group is not None:
        message = "Give --by group, for all groups, or --group, for one."
        raise typer.BadParameter(message, param_hint="--by")
    if against is not None and (group is None or group == against):
        message = "Give --group as well, the one that is compared with it."
        raise typer.BadParameter(message, param_hint="--against")


def _as_json(
    runs: "Runs", reports: Sequence["Report"], against: str | None, *, has_groups: bool
) -> dict[str, object]:
    whole, *groups = reports
    told = whole.to_json() | {"notice": runs.notice, "model": runs.model}
    if has_groups:
        told["groups"] = [report.to_json() for report in groups]
    if against is not None:
        difference = _difference(runs, whole, against)
        told["difference"] = {
            "groups": list(difference.groups),
            "n_prompts": list(difference.n_prompts),
            "rows": [row.to_json() for row in difference.rows],
        }
    return told


def _as_tables(
    runs: "Runs", reports: Sequence["Report"], against: str | None, top: int
) -> list[RenderableType]:
    from llm_tt.render.role_report import difference_tables, report_tables

    told: list[RenderableType] = [Text(runs.notice)] if runs.notice else []
    for report in reports:
        told += [*report_tables(report, top), Text("")]
    if against is not None:
        told += difference_tables(_difference(runs, reports[0], against), top)
    return told


def _difference(runs: "Runs", report: "Report", against: str) -> "GroupDifference":
    from llm_tt.summaries.component_values import component_values
    from llm_tt.summaries.group_difference import group_difference

    method, group = report.parts.method, report.parts.group
    return group_difference(*(component_values(runs, method, name) for name in (group, against)))


def _write(output: Path, ending: str, reports: Sequence["Report"]) -> None:
    from llm_tt.render.role_report import report_csv, report_html

    writer: Callable[[Sequence[Report]], str] = report_csv if ending == ".csv" else report_html
    write_file(output, writer(reports).encode())
    if output != STDOUT:
        print_all([Text(f"{output}: {len(reports):,} {'report' if len(reports) == 1 else 'reports'}")])
