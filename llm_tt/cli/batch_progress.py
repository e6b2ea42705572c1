"""How far a long job is, on stderr: a bar for a person, a line now and then for a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from llm_tt.render.visible_text import visible_text

if TYPE_CHECKING:
    from llm_tt.batch.progress import BatchState

SECONDS_BETWEEN_LINES: Final = 30.0


@contextmanager
def batch_progress(name: str) -> Iterator[Callable[["BatchState"], None]]:
    """Yields whom to tell; `name` is what the job is over."""
    name = visible_text(name)
    if not sys.stderr.isatty():
        yield _lines(name)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        bar = shown.add_task(name, total=None, pace="")
        yield lambda state: shown.update(
            bar, total=state.n_entries, completed=state.n_done, pace=pace_in_words(state)
        )


def pace_in_words(state: "BatchState") -> str:
    """`43.5 a second, 0:01:12 left`; nothing before there is a pace."""
    if state.seconds_left is None:
        return ""
    left = timedelta(seconds=round(state.seconds_left))
    return f"{state.rate:.1f} a second, {left} left"


def _lines(name: str) -> Callable[["BatchState"], None]:
    last = time.monotonic()

    def tell(state: "BatchState") -> None:
        nonlocal last
        if time.monotonic() - last < SECONDS_BETWEEN_LINES:
            return
        last = time.monotonic()
        sys.stderr.write(f"{name}: {state.n_done:,} of {state.n_entries:,}, {pace_in_words(state)}\n")
        sys.stderr.flush()

    return tell
