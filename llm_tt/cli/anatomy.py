"""The command `llm-tt anatomy`: some layers down to single neurons, as a table and as a file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.anatomy.anatomy_graph import AnatomyGraph
    from llm_tt.model.language_model import LanguageModel

TOKENS_SHOWN = 4


def anatomy(  # noqa: PLR0913 (options of a command)
    model: Annotated[str, typer.Argument(help="A built-in name, a local folder, or a hub name.")],
    prompt: Annotated[str, typer.Argument(help="The text whose pass is dissected.")],
    layers: Annotated[str, typer.Option(help="One layer, or several: 3 or 2-3; by default the last.")] = "",
    target: Annotated[str | None, typer.Option(help="A token; by default what the model predicts.")] = None,
    against: Annotated[str | None, typer.Option(help="Weigh the difference from this token.")] = None,
    position: Annotated[int, typer.Option(help="Where; -1 is the last token.")] = -1,
    measure: Annotated[str, typer.Option(help="contribution, norm or attention.")] = "contribution",
    output: Annotated[Path | None, typer.Option("-o", help="An HTML file for the picture.")] = None,
) -> None:
    """Dissect layers down to single neurons: what each part writes towards a token, and how it reads."""
    from llm_tt.anatomy.building import flow
    from llm_tt.anatomy.measures import MEASURES
    from llm_tt.model.loading import load_model
    from llm_tt.render.anatomy_file import anatomy_html
    from llm_tt.tracing.forward import capture

    if measure not in MEASURES:
        message = f"{measure} is no measure; they are {', '.join(MEASURES)}."
        raise typer.BadParameter(message, param_hint="--measure")
    opened = load_model(model)
    trace = capture(opened, prompt)
    shown = _layers(layers, trace.n_layers)
    graph = flow(
        opened,
        trace,
        shown,
        target,
        position=position,
        contrast=against,
        measure=measure,  # type: ignore[arg-type]
    )
    if output is None:
        _print(opened, graph)
        return
    output.write_text(anatomy_html(opened, trace, graph), encoding="utf-8")
    Console(highlight=False).print(Text(f"{output}: {len(graph.names):,} nodes"), soft_wrap=True)


def _layers(text: str, n_layers: int) -> range:
    found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", text or str(n_layers - 1))
    if found is None:
        message = f"{text} names no layers; say 3, or 2-3."
        raise typer.BadParameter(message, param_hint="--layers")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def _print(model: "LanguageModel", graph: "AnatomyGraph") -> None:
    table = Table("node", "to the target", "length", "target's rank", "reads as")
    nodes = graph.nodes
    for place, name in enumerate(graph.names):
        ids = [token_id for token_id in nodes.promoted[place][:TOKENS_SHOWN].tolist() if token_id >= 0]
        table.add_row(
            name,
            f"{nodes.contribution[place]:+.3f}",
            f"{nodes.norm[place]:.2f}",
            f"{nodes.rank[place]:,}" if nodes.rank[place] else "",
            Text("  ".join(map(visible_token, model.token_strings(ids)))),
        )
    console = Console()
    console.print(table)
    for note in (*graph.notes, *graph.neuron_notes):
        console.print(Text(note))
