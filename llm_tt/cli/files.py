"""Places that a command writes to: one for each prompt, or standard output."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from llm_tt.cli.stdout import write_bytes
from llm_tt.writing import refuse, write_whole

if TYPE_CHECKING:
    from llm_tt.render.graph_formats import Format

STDOUT: Final = Path("-")
NUMBER: Final = "{n}"


def output_paths(output: Path | None, n_prompts: int, *, as_json: bool = False) -> list[Path]:
    """Where the result of each prompt goes; several need a pattern such as out-{n}.html.

    Raises:
        typer.BadParameter: there are several prompts and one place, or the result is also to be printed.
        ExportError: a folder is not there; better said before the work than behind it.
    """
    if output is None:
        return []
    if as_json:
        message = "Give -o, which writes files, or --json, which prints, not both."
        raise typer.BadParameter(message, param_hint="-o")
    if n_prompts > 1 and NUMBER not in str(output):
        example = output.with_stem(f"{output.stem}-{NUMBER}") if output.name else output / NUMBER
        message = (
            f"There are {n_prompts} prompts, and {str(output)!r} is one place. Put {NUMBER} where each "
            f"prompt's number belongs, as in {str(example)!r}."
        )
        raise typer.BadParameter(message, param_hint="-o")
    places = [Path(str(output).replace(NUMBER, str(number))) for number in range(1, n_prompts + 1)]
    for place in places:
        _check_place(place)
    return places


def output_kind(output: Path | None, name: str | None) -> "Format | None":
    """The kind of a graph's file, said before any work; None where nothing is written.

    Raises:
        typer.BadParameter: a kind and no place, or a place whose name says no kind.
        ExportError: there is no such kind.
    """
    if output is None:
        if name is None:
            return None
        message = f"Say where the file goes: -o graph.{name}, or -o - for standard output."
        raise typer.BadParameter(message, param_hint="--format")
    from llm_tt.render.graph_formats import format_of

    if output == STDOUT and name is None:
        message = "Standard output has no ending: say the kind of file, as in --format json."
        raise typer.BadParameter(message, param_hint="--format")
    return format_of(output, name)


def write_file(path: Path, content: bytes) -> None:
    """Write whole or not at all; `-` is standard output.

    Raises:
        ExportError: it cannot be written there.
    """
    if path == STDOUT:
        write_bytes(content)
    else:
        write_whole(path, content)


def _check_place(path: Path) -> None:
    if path == STDOUT:
        return
    try:
        if path.is_dir():
            raise IsADirectoryError
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError
    except OSError as problem:  # also a name that is too long
        refuse(path, problem)
