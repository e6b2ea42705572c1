"""The commands around concepts: `llm-tt index` and `llm-tt search`."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.concepts.neuron_index import NeuronIndex
    from llm_tt.concepts.search_result import SearchResult

ModelArgument = Annotated[str, typer.Argument(help="A built-in name, a local folder, or a hub name.")]
FolderOption = Annotated[
    Path | None, typer.Option(help="Where indexes are kept; by default in this person's cache folder.")
]
TOKENS_SHOWN = 8


def index(model: ModelArgument, folder: FolderOption = None) -> None:
    """Build the index of a model's neurons ahead of time, or finish it; a stopped build goes on."""
    start = time.perf_counter()
    opened, was_built = _opened(model, folder)
    assert opened.place is not None, "it was not asked for in memory"
    size = sum(path.stat().st_size for path in opened.place.iterdir() if path.is_file())
    taken = time.perf_counter() - start
    did = "opened" if was_built else "built"
    n_neurons = opened.n_layers * opened.d_mlp
    console = Console(highlight=False)
    console.print(Text(f"{opened.place}"), soft_wrap=True)
    console.print(f"{n_neurons:,} neurons, {size / 1e6:.1f} MB, {did} in {taken:.1f} s with the model")


def search(  # noqa: PLR0913 (options of a command)
    model: ModelArgument,
    query: Annotated[str, typer.Argument(help='Words; OR, -word, "exact token", beg*, *end, *part*.')],
    layer: Annotated[list[int] | None, typer.Option(help="Only this layer; repeat it for several.")] = None,
    side: Annotated[
        list[str] | None,
        typer.Option(help="promotes, suppresses, excited_by or inhibited_by; repeat it for several."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many lists at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    folder: FolderOption = None,
) -> None:
    """Search the neurons whose lists of tokens match; put -- in front of a query that begins with a minus."""
    from llm_tt.concepts.sides import PROMOTED, SIDES

    unknown = [name for name in side or () if name not in SIDES]
    if unknown:
        message = f"{unknown[0]} is no side; they are {', '.join(SIDES)}."
        raise typer.BadParameter(message, param_hint="--side")
    wanted = tuple(name for name in SIDES if name in side) if side else PROMOTED
    opened, _ = _opened(model, folder)
    result = opened.search(query, layers=layer, sides=wanted, top=top)
    if as_json:
        sys.stdout.write(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n")
    else:
        _print_result(result)


def _opened(model: str, folder: Path | None) -> "tuple[NeuronIndex, bool]":
    """The index of a model, with a bar on stderr while it is built; and whether it was there."""
    from rich.progress import Progress

    from llm_tt.concepts.index_building import build_index, is_index_built
    from llm_tt.model.loading import load_model

    console = Console(stderr=True)
    with console.status("opening the model"):
        loaded = load_model(model)
        was_built = is_index_built(loaded, folder)
    with Progress(console=console, transient=True) as shown:
        bar = shown.add_task("reading every neuron", total=1.0)
        found = build_index(loaded, folder, progress=lambda share: shown.update(bar, completed=share))
    return found, was_built


def _print_result(result: "SearchResult") -> None:
    console = Console()
    if result.hits:
        table = Table("neuron", "side", "score", "found", "strongest tokens")
        for hit in result.hits:
            found = ", ".join(
                f"{visible_token(match.token_string)} ({match.rank})" for match in hit.matches[:3]
            )
            tokens = "  ".join(map(visible_token, hit.tokens.token_strings[:TOKENS_SHOWN]))
            table.add_row(
                f"L{hit.layer}N{hit.neuron}", hit.side, f"{hit.score:.2f}", Text(found), Text(tokens)
            )
        console.print(table)
        console.print(f"{len(result.hits):,} of {result.n_found:,} lists")
    if result.hint:
        console.print(Text(result.hint))
