"""What goes to standard output: tables, JSON, bytes; and what happens when it cannot go there."""

import io
import json
import math
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.errors import ExportError
from llm_tt.render.visible_text import visible_text

if TYPE_CHECKING:
    from typing_extensions import Buffer

READER_GONE: Final = 141
"""What a shell reports of a command whose output nobody reads any more: 128 and the signal's number."""

WIDTH_OF_FILES: Final = 160
"""Characters of a line where no terminal says how many there is room for."""


_ACTING: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that JSON may hold as they are, and that act on a terminal or vanish there."""


class PlainConsole(Console):
    """A console on which no text acts: whatever a token, a prompt or a file's name holds is shown."""

    def print(self, *things: Any, **options: Any) -> None:  # noqa: ANN401 (as rich has it)
        """The same, with control characters made visible, also in the cells of tables."""
        super().print(*map(_visible, things), **options)


def _visible(thing: Any) -> Any:  # noqa: ANN401 (whatever rich can print)
    if isinstance(thing, str):
        return visible_text(thing)
    if isinstance(thing, Text) and (shown := visible_text(thing.plain)) != thing.plain:
        return Text(shown, style=thing.style)  # parts with a style of their own have other places now
    if isinstance(thing, Table):
        thing.title = _visible(thing.title)
        for column in thing.columns:
            column.header = _visible(column.header)
            column._cells[:] = map(_visible, column.cells)  # rich has no other way to change them
    return thing


class _Output(io.FileIO):
    """Standard output, whose failures are said as ours."""

    def write(self, content: "Buffer", /) -> int:
        """Write on.

        Raises:
            SystemExit: the reader has gone.
            ExportError: the place is full, or damaged.
        """
        try:
            return cast("int", super().write(content))
        except OSError as problem:
            if isinstance(problem, BrokenPipeError):
                raise SystemExit(READER_GONE) from None
            raise ExportError(
                asked="Write to standard output.",
                found=f"It takes no more: {problem.strerror}.",
                remedy="Make room there, or write to another place with -o.",
            ) from None


@contextmanager
def checked_stdout() -> Iterator[None]:
    """Standard output that ends the command in order when its reader goes away or its disk is full."""
    plain = sys.stdout
    plain.flush()
    raw = _Output(plain.fileno(), "w", closefd=False)
    # Characters that the terminal has not are spelled out; a table must not end in the middle.
    checked = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=plain.encoding,
        errors="backslashreplace",
        line_buffering=plain.isatty(),
    )
    sys.stdout = cast("TextIO", checked)
    try:
        try:
            yield
        finally:
            checked.flush()
    finally:
        sys.stdout = plain


def console() -> PlainConsole:
    """For tables; wide where it is read by no terminal."""
    asked = os.environ.get("COLUMNS", "")
    width = None if sys.stdout.isatty() or asked.isdigit() else WIDTH_OF_FILES
    return PlainConsole(width=width, highlight=False)


def print_all(things: list[RenderableType]) -> None:
    """Tables and lines, one below the other; a plain string is written as it is, but for terminals."""
    printing = console()
    for thing in things:
        if isinstance(thing, str):
            sys.stdout.write((visible_text(thing) if sys.stdout.isatty() else thing) + "\n")
        else:
            printing.print(thing, soft_wrap=isinstance(thing, Text))


def print_json(content: object, *, one_line: bool = False) -> None:
    """One object; numbers that JSON has no word for are null."""
    # What an encoding has not would be spelled out as no JSON is.
    has_all_letters = (sys.stdout.encoding or "").lower().startswith("utf")
    indent = None if one_line else 1
    text = json.dumps(_finite(content), ensure_ascii=not has_all_letters, allow_nan=False, indent=indent)
    # In JSON such characters can only stand inside of texts, where this spells the same.
    sys.stdout.write(_ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def write_bytes(content: bytes) -> None:
    """As they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _finite(content: object) -> object:
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return content
