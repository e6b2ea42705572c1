"""The Flow page as a test drives it: real clicks where things are drawn, and what is on the screen."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page

from llm_tt.benchmark.flow_page import FIND_VIEW, IS_IDLE, PLACE_OF_NODE
from tests.end_to_end.stillness import still

PROMPT = "When Mary and John went to the store, John gave a drink to"
"""The page's first example."""

PLACE_ON_EDGE = """([name, share]) => {
  const { state, stage } = window.flowView;
  const parts = name.match(/^L(\\d+)(?:\\.attention|H(\\d+))@(\\d+)-(\\d+)$/);
  const [layer, head, key, query] = parts.slice(1).map((text) => (text ? Number(text) : undefined));
  const n = state.graph.positions;
  const shape = state.shapes.find(({ pair, edges }) => pair.kind === 0 && pair.source === 2 * layer * n + key
    && pair.target === (2 * layer + 1) * n + query
    && (head === undefined || edges.some((e) => state.graph.head[e] === head)));
  const i = 2 * Math.round(share * (shape.points.length / 2 - 1));
  const box = stage.box.getBoundingClientRect();
  return [box.x + shape.points[i], box.y + shape.points[i + 1]];
}"""

PLACE_OF_SQUARE = """([layer, position]) => {
  const { state, stage } = window.flowView;
  const target = (2 * layer + 2) * state.graph.positions + position;
  const square = state.squares.find(({ pair }) => pair.target === target);
  const box = stage.box.getBoundingClientRect();
  return [box.x + square.x, box.y + square.y];
}"""


@dataclass(frozen=True)
class FlowPage:
    """One tab."""

    page: Page

    def open(self, address: str) -> "FlowPage":
        """Go there and wait for the graph."""
        self.page.goto(address)
        return self.wait_for_graph()

    def wait_for_graph(self) -> "FlowPage":
        """Until the graph is drawn, and Streamlit has nothing to do any more."""
        self.page.wait_for_function(FIND_VIEW, timeout=60_000)
        self.page.evaluate("() => { window.idleSince = null; }")
        self.page.wait_for_function(f"() => ({FIND_VIEW})() && ({IS_IDLE})()", timeout=30_000)
        return self

    def settle(self) -> "FlowPage":
        """Until the page's script has run to its end, none is on its way, and nothing moves."""
        self.page.evaluate("() => { window.idleSince = null; }")
        self.page.wait_for_function(IS_IDLE, timeout=30_000)
        return self

    def state(self, expression: str) -> object:
        """Something of the graph's state: `described.edges`."""
        return self.page.evaluate(f"() => window.flowView.state.{expression}")

    def stop_work(self) -> None:
        """Press the button beside the bar, at once: the bar does not stand still."""
        self.page.locator("[class*='st-key-stop'] button").evaluate("(button) => button.click()")

    @property
    def selected(self) -> str | None:
        """Name of the selected part, as the graph has it."""
        return self.page.evaluate("() => window.flowView.state.selection?.name ?? null")

    def click_edge(self, name: str, share: float = 0.5) -> None:
        """Click on an attention edge, at a share of its length."""
        self._click(PLACE_ON_EDGE, [name, share])

    def click_node(self, row: int, position: int) -> None:
        """Click on a state."""
        self._click(PLACE_OF_NODE, [row, position])

    def click_square(self, layer: int, position: int) -> None:
        """Click on an MLP."""
        self._click(PLACE_OF_SQUARE, [layer, position])

    def click_target(self, position: int) -> None:
        """Click on top of a column."""
        x, _ = still(self.page, lambda: self.page.evaluate(PLACE_OF_NODE, [0, position]))
        top = self.stage.bounding_box()["y"]
        self.page.mouse.click(x, top + 31)

    def _click(self, place: str, arguments: list) -> None:
        self.stage.scroll_into_view_if_needed()
        self.page.mouse.click(*still(self.page, lambda: self.page.evaluate(place, arguments)))

    @property
    def stage(self):
        """Where the graph is drawn."""
        return self.page.locator(".flow .stage")

    @property
    def readout(self) -> str:
        """The slider's figures."""
        return self.page.locator(".flow .readout").inner_text()

    @property
    def n_edges(self) -> int:
        """How many edges the page says that it shows."""
        return int(re.match(r"([\d,]+) of", self.readout)[1].replace(",", ""))

    def slide(self, place: int) -> None:
        """Move the slider to a place from 0 to 1000, as a hand does: one event a move."""
        slider = self.page.locator(".flow .slider")
        slider.evaluate(
            "(s, v) => { s.value = v; s.dispatchEvent(new Event('input', { bubbles: true })); }", place
        )

    def find(self, text: str) -> None:
        """Type into the search box and press Enter."""
        box = self.page.locator(".flow .search")
        box.fill(text)
        box.press("Enter")

    def inspector(self):
        """The column beside the graph."""
        return self.page.locator("[data-testid=stMain]")

    def type_prompt(self, text: str) -> None:
        """Another prompt; waits until its graph is there."""
        before = self.page.evaluate("() => window.flowView.state.graph.prompt")
        box = self.page.get_by_role("textbox", name="Prompt")
        box.fill(text)
        box.press("Control+Enter")
        # The graph may be another one by then: when work was stopped, it was taken away.
        self.page.wait_for_function(
            f"(before) => ({FIND_VIEW})() && window.flowView.state.graph.prompt !== before",
            arg=before,
            timeout=90_000,
        )
        self.settle()
