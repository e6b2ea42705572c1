"""The command `llm-tt benchmark`: how fast this machine is."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from llm_tt.cli.options import Json
from llm_tt.cli.stderr import working
from llm_tt.cli.stdout import console, print_json


def benchmark(
    tokens: Annotated[str, typer.Option(help="Prompt lengths, with commas.")] = "32,128,512",
    turns: Annotated[int, typer.Option(min=1, help="How often each pair of works takes turns.")] = 5,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as the README has it.")] = False,
    as_json: Json = False,
) -> None:
    """Measure this machine: times in forward passes of an untrained model of GPT-2 small's shape.

    With --json: machine, and rows (work, n_tokens, measured, spread, goal, reached).
    """
    try:
        lengths = tuple(int(length) for length in tokens.split(","))
    except ValueError:
        lengths = ()
    if not lengths or min(lengths) < 1:
        message = "Lengths are whole numbers from 1 with commas between them, such as 32,128."
        raise typer.BadParameter(message, param_hint="--tokens")
    from llm_tt.benchmark.rows import all_rows
    from llm_tt.model.loading import load_model
    from llm_tt.render.benchmark_table import as_markdown, as_rich_table, machine

    rows = []
    with working("opening the model") as update:
        for row in all_rows(load_model("untrained-gpt2-small"), lengths, turns):
            update(f"{row.work} at {row.n_tokens} tokens: {row.measured}")
            rows.append(row)
    if as_json:
        print_json({"machine": machine(), "rows": [asdict(row) for row in rows]})
    elif markdown:
        sys.stdout.write(as_markdown(rows))
    else:
        console().print(as_rich_table(rows))
