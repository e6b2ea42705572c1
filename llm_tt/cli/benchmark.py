"""The command `llm-tt benchmark`: how fast this machine is."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from llm_tt.benchmark.row import Row
from llm_tt.cli.options import Json
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import console, print_json


class Figures(StrEnum):
    """What can be measured."""

    PASSES = "passes"
    INDEX = "index"
    PAGE = "page"


def benchmark(
    tokens: Annotated[str, typer.Option(help="Prompt lengths, with commas.")] = "32,128,512",
    turns: Annotated[int, typer.Option(min=1, help="How often each pair of works takes turns.")] = 5,
    only: Annotated[
        list[Figures] | None, typer.Option(help="Measure only this; may be given more than once.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as the README has it.")] = False,
    as_json: Json = False,
) -> None:
    """Measure this machine: times in forward passes of an untrained model of GPT-2 small's shape.

    Then the index of its neurons, and the page in Chromium. It takes some minutes.

    With --json: machine, and rows (work, n_tokens, measured, spread, goal, reached).
    """
    lengths = _lengths(tokens)
    from llm_tt.render.benchmark_table import as_markdown, as_rich_table, machine

    rows = []
    with working("measuring") as update:
        for row in _rows(lengths, turns, only or list(Figures)):
            update(f"{row.work}{f', {row.n_tokens} tokens' if row.n_tokens else ''}: {row.measured}")
            rows.append(row)
    if as_json:
        print_json({"machine": machine(), "rows": [asdict(row) for row in rows]})
    elif markdown:
        sys.stdout.write(as_markdown(rows))
    else:
        console().print(as_rich_table(rows))


def _lengths(text: str) -> tuple[int, ...]:
    try:
        lengths = tuple(int(length) for length in text.split(","))
    except ValueError:
        lengths = ()
    if not lengths or min(lengths) < 1:
        message = "Lengths are whole numbers from 1 with commas between them, such as 32,128."
        raise typer.BadParameter(message, param_hint="--tokens")
    return lengths


def _rows(lengths: tuple[int, ...], turns: int, wanted: list[Figures]) -> Iterator[Row]:
    from llm_tt.benchmark.index_rows import index_rows
    from llm_tt.benchmark.page_rows import page_rows
    from llm_tt.benchmark.pass_rows import pass_rows
    from llm_tt.model.loading import load_model
    from llm_tt.settings import bundled

    if set(wanted) - {Figures.PAGE}:
        model = load_model("untrained-gpt2-small")
    if Figures.PASSES in wanted:
        yield from pass_rows(model, lengths, turns)
    if Figures.INDEX in wanted:
        yield from index_rows(model, turns)
    if Figures.PAGE in wanted:
        yield from page_rows(bundled("config/local.toml"))
