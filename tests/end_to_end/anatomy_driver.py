"""The Anatomy page as a test drives it: real clicks where chips and edges are drawn."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.end_to_end.flow_driver import FlowPage
from tests.end_to_end.stillness import still

FIND_VIEW = """() => {
  for (const host of document.querySelectorAll("*")) {
    const root = host.shadowRoot?.querySelector(".anatomy");
    if (!root?._view) continue;
    window.anatomyView = root._view.view;
    return Boolean(window.anatomyView.state.layout);
  }
  return false;
}"""

PLACE_OF_CHIP = """(name) => {
  const { state, stage } = window.anatomyView;
  const { layout, transform, graph } = state;
  const { node } = graph.named.get(name);
  const box = stage.box.getBoundingClientRect();
  return [box.x + layout.plot.left + transform.x + (layout.x[node] + layout.chipWidth / 2) * transform.k,
          box.y + layout.plot.top + transform.y + layout.y[node] * transform.k];
}"""

PLACE_ON_EDGE = """(part) => {
  const { state, stage } = window.anatomyView;
  const edge = state.graph.edges.part.indexOf(part);
  const { lines } = state.shapes.find((shape) => shape.edge === edge);
  const box = stage.box.getBoundingClientRect();
  return [box.x + lines[0][14], box.y + lines[0][15]];
}"""


@dataclass(frozen=True)
class AnatomyPage:
    """One tab."""

    page: Page

    def open(self, address: str) -> "AnatomyPage":
        """Go there and wait for the picture."""
        self.page.goto(address)
        return self.wait_for_picture()

    def wait_for_picture(self) -> "AnatomyPage":
        """Until the picture is drawn, and Streamlit has nothing to do any more."""
        expect(self.page.locator(".anatomy canvas")).to_be_visible(timeout=60_000)
        self.page.wait_for_function(FIND_VIEW)
        return self.settle()

    def settle(self) -> "AnatomyPage":
        """Until the page's script has run to its end."""
        FlowPage(self.page).settle()
        return self

    def state(self, expression: str) -> object:
        """Something of the picture's state: `graph.layers`."""
        return self.page.evaluate(f"() => window.anatomyView.state.{expression}")

    def wait_until(self, condition: str) -> None:
        """Until something holds of the picture's state: `graph.layers.length === 3`."""
        self.page.wait_for_function(f"({FIND_VIEW})() && window.anatomyView.state.{condition}")
        self.settle()

    @property
    def selected(self) -> str | None:
        """Name of what is selected, as the picture has it."""
        return self.page.evaluate("() => window.anatomyView.state.selection?.name ?? null")

    def click_chip(self, name: str) -> None:
        """Click on a node."""
        self._click(PLACE_OF_CHIP, name)

    def click_residual(self, part: str) -> None:
        """Click on a residual edge."""
        self._click(PLACE_ON_EDGE, part)

    def hover_chip(self, name: str) -> str:
        """What the card beside the pointer says."""
        self.stage.scroll_into_view_if_needed()
        self.page.mouse.move(*self.page.evaluate(PLACE_OF_CHIP, name))
        return self.page.locator(".anatomy .card").inner_text()

    def find(self, text: str) -> None:
        """Type into the search box and press Enter."""
        box = self.page.locator(".anatomy .search")
        box.fill(text)
        box.press("Enter")

    def expect_card(self, name: str) -> None:
        """The inspector's heading."""
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()

    @property
    def stage(self):
        """Where the picture is drawn."""
        return self.page.locator(".anatomy .stage")

    def _click(self, place: str, argument: str) -> None:
        self.stage.scroll_into_view_if_needed()
        self.page.mouse.click(*still(self.page, lambda: self.page.evaluate(place, argument)))
