"""The commands around concepts: `llm-tt index` and `llm-tt search`."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from llm_tt.cli.choices import one_of
from llm_tt.cli.opening import open_model
from llm_tt.cli.options import Json, Model
from llm_tt.cli.stdout import console, print_json
from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.concepts.neuron_index import NeuronIndex
    from llm_tt.concepts.search_result import SearchResult

FolderOption = Annotated[
    Path | None, typer.Option(help="Where indexes are kept; by default in this person's cache folder.")
]
TOKENS_SHOWN = 8


def index(model: Model, folder: FolderOption = None) -> None:
    """Build the index of a model's neurons ahead of time, or finish it; a stopped build goes on."""
    start = time.perf_counter()
    opened, was_built = _opened(model, folder)
    assert opened.place is not None, "it was not asked for in memory"
    size = sum(path.stat().st_size for path in opened.place.iterdir() if path.is_file())
    taken = time.perf_counter() - start
    did = "opened" if was_built else "built"
    n_neurons = opened.n_layers * opened.d_mlp
    printing = console()
    printing.print(Text(f"{opened.place}"), soft_wrap=True)
    printing.print(f"{n_neurons:,} neurons, {size / 1e6:.1f} MB, {did} in {taken:.1f} s with the model")


def search(  # noqa: PLR0913 (options of a command)
    model: Model,
    query: Annotated[str, typer.Argument(help='Words; OR, -word, "exact token", beg*, *end, *part*.')],
    layer: Annotated[list[int] | None, typer.Option(help="Only this layer; repeat it for several.")] = None,
    side: Annotated[
        list[str] | None,
        typer.Option(help="promotes, suppresses, excited_by or inhibited_by; repeat it for several."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many lists at most.")] = 20,
    as_json: Json = False,
    folder: FolderOption = None,
) -> None:
    """Search the neurons whose lists of tokens match; put -- in front of a query that begins with a minus.

    With --json: query, terms, hits (layer, neuron, side, score, matches, tokens), n_found and hint.
    """
    from llm_tt.concepts.sides import PROMOTED, TOKEN_SIDES

    for name in side or ():
        one_of(name, TOKEN_SIDES, "--side")
    wanted = tuple(name for name in TOKEN_SIDES if name in side) if side else PROMOTED
    opened, _ = _opened(model, folder)
    result = opened.search(query, layers=layer, sides=wanted, top=top)
    if as_json:
        print_json(asdict(result))
    else:
        _print_result(result)


def _opened(model: str, folder: Path | None) -> "tuple[NeuronIndex, bool]":
    """The index of a model, with a bar on stderr while it is built; and whether it was there."""
    from rich.progress import Progress

    from llm_tt.concepts.index_building import build_index, is_index_built

    loaded = open_model(model)
    was_built = is_index_built(loaded, folder)
    showing = Console(stderr=True)
    with Progress(console=showing, transient=True, disable=not showing.is_terminal) as shown:
        bar = shown.add_task("reading every neuron", total=1.0)
        found = build_index(loaded, folder, progress=lambda share: shown.update(bar, completed=share))
    return found, was_built


def _print_result(result: "SearchResult") -> None:
    printing = console()
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
        printing.print(table)
        printing.print(f"{len(result.hits):,} of {result.n_found:,} lists")
    if result.hint:
        printing.print(Text(result.hint))
