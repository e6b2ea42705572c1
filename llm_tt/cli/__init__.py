"""The command `llm-tt`."""

import inspect
import os
from collections.abc import Callable

import typer

from llm_tt.cli import (
    anatomy,
    batch,
    benchmark,
    compare,
    concepts,
    dashboard,
    edit,
    faithfulness,
    generate,
    graph,
    models,
    summarize,
    tokens,
    trace,
)
from llm_tt.cli.ending import end_in_order
from llm_tt.cli.usage import PlainGroup


def _flowing(command: Callable[..., None]) -> str:
    """Its help without the line breaks of the source: a terminal has its own width."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


cli = typer.Typer(
    cls=PlainGroup,
    help="Information-flow graphs of decoder language models.",
    epilog="Exit codes: 0 done, 1 an error that is explained, 2 wrong usage, 130 stopped by Ctrl-C, "
    "141 the reader of the output went away.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    dashboard.app,
    graph.graph,
    tokens.tokens,
    trace.trace,
    anatomy.anatomy,
    edit.edit,
    compare.compare,
    generate.generate,
    models.models,
    models.check,
    concepts.index,
    concepts.search,
    batch.batch,
    summarize.summarize,
    faithfulness.faithfulness,
    benchmark.benchmark,
):
    cli.command(help=_flowing(command))(command)
# Idle threads of torch keep a core busy for 15 ms after each work, unless told otherwise before it loads.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")


def run() -> None:
    """Run the command line."""
    end_in_order(cli)
