"""What is said about wrong usage: what was typed is shown in it, and does not act on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from typer.core import TyperGroup

from llm_tt.render.visible_text import visible_text

LONGEST: Final = 600
"""Characters of a message; an argument may have a hundred thousand."""

_WRONG_USAGE: Final[Any] = typer.BadParameter.__base__
"""What all errors about arguments have in common; it has no name of its own in typer."""


class PlainGroup(TyperGroup):
    """The commands, whose complaints are made visible before they are printed."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (as typer has it)
        """Read what stands in front of the command."""
        with _made_visible():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 (as typer has it)
        """Read the command's own arguments, and run it."""
        with _made_visible():
            return super().invoke(ctx)


@contextmanager
def _made_visible() -> Iterator[None]:
    try:
        yield
    except _WRONG_USAGE as problem:
        said = visible_text(str(problem.message))
        problem.message = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
        raise
