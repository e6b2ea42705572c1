"""What goes to standard error: errors, and what is being done, where a person looks at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from llm_tt.errors import LlmTtError
from llm_tt.render.visible_text import visible_text


def print_error(error: LlmTtError) -> None:
    """Its three parts, a line each."""
    console = Console(stderr=True, highlight=False, markup=False)
    for line in (error.asked, error.found, error.remedy):
        console.print(visible_text(line), soft_wrap=True)


@contextmanager
def working(on: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done until it is done; yields how to say what is next. Only terminals show it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status(Text(on)) as status:
        yield lambda line: status.update(Text(line))
