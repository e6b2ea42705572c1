"""A report on many prompts in a terminal, as a page that stands alone, and as a table of all components."""

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Final

import plotly.io
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.render.inspector_tables import Columns
from llm_tt.render.role_cells import summary_map
from llm_tt.render.role_map_figure import role_map_figure
from llm_tt.render.role_tables import (
    component_columns,
    difference_columns,
    edge_kind_columns,
    role_columns,
)
from llm_tt.render.role_words import (
    agreement_sentences,
    difference_sentence,
    roles_sentence,
    stability_sentence,
)
from llm_tt.summaries.group_difference import GroupDifference
from llm_tt.summaries.report import Report
from llm_tt.summaries.roles import THRESHOLDS

DECIMALS: Final = {"share %": 1, "contribution": 2, "for it %": 0, "in %": 0, "in graphs %": 0, "messages": 1}


def heading(report: Report) -> str:
    """What a report is of, in one line."""
    group = "" if report.parts.group is None else f", {report.parts.group}"
    return f"{report.runs}{group}: {report.parts.n_prompts:,} prompts, {report.parts.method}"


def report_tables(report: Report, top: int) -> list[RenderableType]:
    """Tables and sentences."""
    told: list[RenderableType] = [
        _table(component_columns(report.parts.rows[:top], report.roles), heading(report)),
        Text(stability_sentence(report.stability)),
        *map(Text, agreement_sentences(report.agreement)),
        Text(roles_sentence(report.roles, report.parts.method)),
    ]
    if report.roles:
        told += [_table(role_columns(report.roles), "Roles by evidence"), Text(THRESHOLDS, style="dim")]
    if report.neurons.rows:
        columns = component_columns(report.neurons.rows[:top], are_neurons=True)
        told.append(_table(columns, "Neurons"))
    if report.edge_kinds:
        told.append(_table(edge_kind_columns(report.edge_kinds[:top]), "Messages in the graphs"))
    return told


def difference_tables(difference: GroupDifference, top: int) -> list[RenderableType]:
    """The largest differences first."""
    columns = difference_columns(difference.rows[:top])
    return [_table(columns, "Difference of groups"), Text(difference_sentence(difference))]


def report_csv(reports: Sequence[Report]) -> str:
    """One line a component of each report; numbers are plain, and shares are shares of one."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(
        ["group", "method", "n_prompts", "component", "kind", "layer", "place", "place_low", "place_high",
         "share", "share_low", "share_high", "contribution", "contribution_low", "contribution_high",
         "towards", "median_rank", "listed", "roles"]
    )  # fmt: skip
    for report in reports:
        for row in (*report.parts.rows, *report.neurons.rows):
            part, share, amount = row.component, row.share, row.contribution
            names = [role.name for role in report.roles if role.head == part.name]
            table.writerow(
                [_cell(report.parts.group), report.parts.method, report.parts.n_prompts, part.name, part.kind,
                 part.layer, row.place, row.place_low, row.place_high, share.mean, share.low, share.high,
                 amount.mean, amount.low, amount.high, row.towards, row.median_rank, row.listed,
                 "; ".join(names)]
            )  # fmt: skip
    return written.getvalue()


def report_html(reports: Sequence[Report]) -> str:
    """A page with a map, the roles and the sentences of each report; it needs no network."""
    sections = []
    for place, report in enumerate(reports):
        figure = role_map_figure(summary_map(report.parts, "share", report.roles))
        figure.update_layout(paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)")
        sections.append(
            f"<h2>{escape(heading(report))}</h2>"
            + plotly.io.to_html(figure, full_html=False, include_plotlyjs=place == 0)
            + f"<p>{escape(stability_sentence(report.stability))}</p>"
            + "".join(f"<p>{escape(line)}</p>" for line in agreement_sentences(report.agreement))
            + f"<p>{escape(roles_sentence(report.roles, report.parts.method))}</p>"
            + _html_table(role_columns(report.roles))
        )
    return _PAGE.format(sections="".join(sections), thresholds=escape(THRESHOLDS))


_PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Roles</title><style>
body {{ font: 15px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
table {{ border-collapse: collapse }} th, td {{ text-align: left; padding: 2px 12px 2px 0 }}
h2 {{ font-size: 1.1rem; margin-top: 2.5rem }} small {{ color: #666 }}
</style></head><body><h1>What matters over many prompts</h1>{sections}<p><small>{thresholds}</small></p>
</body></html>
"""


def _html_table(columns: Columns) -> str:
    if not next(iter(columns.values())):
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    rows = zip(*(_texts(name, values) for name, values in columns.items()), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _table(columns: Columns, title: str) -> Table:
    table = Table(title=Text(title))
    for name, values in columns.items():
        is_number = all(value is None or isinstance(value, int | float) for value in values)
        table.add_column(Text(name), justify="right" if is_number else "left")
    for row in zip(*(_texts(name, values) for name, values in columns.items()), strict=True):
        table.add_row(*map(Text, row))
    return table


def _texts(name: str, values: Sequence[object]) -> list[str]:
    decimals = DECIMALS.get(name, 2)
    if name == "share %" and all(isinstance(value, float) and abs(value) < 1 for value in values):
        decimals = 2
    return [
        "" if value is None else _number(value, decimals) if isinstance(value, float) else str(value)
        for value in values
    ]


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _cell(group: str | None) -> str:
    """A group's name is a person's text; programs for tables must not take it for a formula."""
    return "" if group is None else f"'{group}" if group[:1] in ("=", "+", "-", "@", "\t", "\r") else group
