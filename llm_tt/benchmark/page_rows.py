"""What a person waits for on the Flow page, in Chromium: the start, a step of the slider, a click."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from llm_tt.benchmark.flow_page import clicks, slides, wait_for_everything, wait_for_first_graph
from llm_tt.benchmark.live_page import opened_browser, running_dashboard, what_is_missing
from llm_tt.benchmark.row import Row
from llm_tt.model.untrained import save_deep

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TEXT = "When Mary and John went to the store, John gave a drink to Mary; then they went home."
WINDOW = {"width": 1500, "height": 1000}


@dataclass(frozen=True, slots=True)
class Shape:
    """A graph on the page, and how long a step of its slider may take."""

    name: str
    model: str
    letters: int
    """Of the text; the untrained models have one token a letter."""
    slider_goal: float


def page_rows(settings: Path) -> Iterator[Row]:
    """Every row, as soon as it is measured; one that says why, where no page can be opened.

    The settings have to allow folders and the untrained model of GPT-2 small's shape.
    """
    missing = what_is_missing()
    if missing is not None:
        yield Row.missing("the page in Chromium", missing)
        return
    from playwright.sync_api import Error

    try:
        yield from _rows_in_chromium(settings)
    except (Error, OSError) as problem:  # what was measured before must not be lost with it
        yield Row.missing("the page in Chromium", str(problem).partition("\n")[0])


def _rows_in_chromium(settings: Path) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        save_deep(Path(folder))
        shapes = (
            Shape("small-world", "small-world", 58, 0.050),
            Shape("12 layers of 12 heads", "untrained-gpt2-small", 32, 0.050),
            Shape("32 layers of 32 heads", folder, 64, 0.150),
        )
        with opened_browser() as browser:
            begun = time.perf_counter()
            with running_dashboard("--settings", str(settings)) as address:
                for shape in shapes:
                    yield from _shape_rows(browser, address, shape, begun)


def _shape_rows(browser: "Browser", address: str, shape: Shape, started: float) -> Iterator[Row]:
    is_first = shape.model == "small-world"
    page = browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]
    begun = started if is_first else time.perf_counter()
    page.goto(f"{address}/?model={quote(shape.model)}&prompt={quote(TEXT[: shape.letters])}")
    wait_for_first_graph(page)
    first = time.perf_counter() - begun
    wait_for_everything(page)
    n_tokens: int = page.evaluate("() => window.flowView.state.graph.positions")
    since = "start of the app" if is_first else "address"
    yield Row.waited(f"{shape.name}: {since} to first graph", n_tokens, [first], 10.0 if is_first else None)
    yield Row.waited(f"{shape.name}: slider to redrawn graph", n_tokens, slides(page), shape.slider_goal)
    yield Row.waited(f"{shape.name}: click to inspector", n_tokens, clicks(page), 0.300)
    page.close()
