"""The Compare page as a test drives it: both graphs or the one, and what is on the screen."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.end_to_end.stillness import still

# Both graphs live in one shadow root, the difference and the rows of tokens in others.
FIND = """() => {
  window.compared = null;
  for (const host of document.querySelectorAll("*")) {
    const linked = host.shadowRoot?.querySelector(".linked");
    if (linked?._held) window.compared = { name: linked._held.views.name, views: linked._held.views.views };
    const flow = host.shadowRoot?.querySelector(".flow");
    if (flow?._view && !linked) {
      const { view } = flow._view;
      window.compared = { name: view.state.graph?.run, views: [view] };
    }
  }
  return Boolean(window.compared?.views.every(({ state }) => state.graph && state.layout));
}"""

IS_OTHER = f"(before) => ({FIND})() && window.compared.name !== before"

IS_STILL = """() => {
  const { testScriptState } = document.querySelector("[data-testid=stApp]")?.dataset ?? {};
  const { left, top, width } = window.compared.views[0].stage.box.getBoundingClientRect();
  const place = [left, top, width].join(" ");
  if (testScriptState !== "notRunning" || place !== window.lastPlace) window.idleSince = null;
  else window.idleSince ??= performance.now();
  window.lastPlace = place;
  return window.idleSince !== null && performance.now() - window.idleSince > 150;
}"""

PLACE_OF_HEAD = """([side, name]) => {
  const { state, stage } = window.compared.views[side];
  const [, layer, head, key, query] = name.match(/^L(\\d+)H(\\d+)@(\\d+)-(\\d+)$/).map(Number);
  const n = state.graph.positions;
  const shape = state.shapes.find(({ pair, edges }) => pair.kind === 0 && pair.source === 2 * layer * n + key
    && pair.target === (2 * layer + 1) * n + query && edges.some((e) => state.graph.head[e] === head));
  stage.box.scrollIntoView({ block: "center" });
  const i = 2 * Math.floor(shape.points.length / 4);
  const box = stage.box.getBoundingClientRect();
  return [box.x + shape.points[i], box.y + shape.points[i + 1]];
}"""

PLACE_OF_TOP = """([side, position]) => {
  const { state, stage } = window.compared.views[side];
  const { plot, xs } = state.layout;
  stage.box.scrollIntoView({ block: "center" });
  const box = stage.box.getBoundingClientRect();
  return [box.x + plot.left + state.transform.x + xs[position] * state.transform.k, box.y + 31];
}"""

LONE_HEAD = """() => {
  const [first, second] = window.compared.views.map(({ state }) => state);
  const lone = (state) => new Set(state.pairs.filter(({ kind, edges }) => kind === 0 && edges.length === 1)
    .map(({ target, source, edges }) => `${source} ${target} ${state.graph.head[edges[0]]}`));
  const there = lone(second);
  const [source, target, head] = [...lone(first)].find((edge) => there.has(edge)).split(" ").map(Number);
  const n = first.graph.positions;
  return `L${Math.floor((target / n - 1) / 2)}H${head}@${source % n}-${target % n}`;
}"""


@dataclass(frozen=True)
class ComparePage:
    """One tab."""

    page: Page

    def open(self, address: str) -> "ComparePage":
        """Go there and wait for the graphs."""
        self.page.goto(address)
        return self.wait()

    def wait(self) -> "ComparePage":
        """Until graphs are drawn and nothing runs or moves."""
        self.page.wait_for_function(FIND, timeout=60_000)
        return self.settle()

    def settle(self) -> "ComparePage":
        """Until the page's script has run to its end."""
        self.page.evaluate("() => { window.idleSince = null; }")
        self.page.wait_for_function(f"() => ({FIND})() && ({IS_STILL})()", timeout=30_000)
        return self

    @property
    def name(self) -> str:
        """Tells apart what is compared."""
        return self.page.evaluate("() => window.compared.name")

    def until_other(self, before: str) -> "ComparePage":
        """Until another comparison is drawn."""
        self.page.wait_for_function(IS_OTHER, arg=before, timeout=30_000)
        return self.settle()

    def states(self, expression: str) -> list[Any]:
        """Something of each graph's state: `described.edges`."""
        return self.page.evaluate(f"() => window.compared.views.map(({{ state }}) => state.{expression})")

    def choose_task(self, label: str) -> None:
        """A task's clean and corrupted prompts."""
        before = self.name
        self.page.get_by_role("combobox", name="Clean and corrupted").click()
        self.page.get_by_role("option", name=label).click()
        self.until_other(before)

    def show(self, view: str) -> None:
        """Side by side, or the difference."""
        self.page.get_by_role("radio", name=view).click()
        count = 2 if view == "Side by side" else 1
        self.page.wait_for_function(f"() => ({FIND})() && window.compared.views.length === {count}")
        self.settle()

    def lone_head(self) -> str:
        """A message that is one curve of its own in both graphs, whose positions are the same."""
        return self.page.evaluate(LONE_HEAD)

    def place_of(self, side: int, head: str) -> tuple[float, float]:
        """Where a message is drawn."""
        return tuple(self.page.evaluate(PLACE_OF_HEAD, [side, head]))

    def cards(self) -> list[str]:
        """What both cards say beside the pointer; empty where they are hidden."""
        return self.page.evaluate(
            "() => window.compared.views.map(({ stage }) => stage.card.box)"
            ".map((box) => (box.hidden ? '' : box.innerText))"
        )

    def selected(self) -> list[str | None]:
        """The selected part of each graph, once a courier has brought it."""
        self.page.wait_for_function(
            f"() => ({FIND})() && window.compared.views.every(({{ state }}) => state.selection)"
        )
        return self.page.evaluate(
            "() => window.compared.views.map(({ state }) => state.selection?.name ?? null)"
        )

    def trace(self, side: int, position: int) -> None:
        """Click on top of a column."""
        self.page.mouse.click(*still(self.page, lambda: self.page.evaluate(PLACE_OF_TOP, [side, position])))

    def token(self, side: int, position: int):
        """A token in the rows of the alignment."""
        return self.page.locator(f".alignment button[data-side='{side}'][data-position='{position}']")

    def says(self, text: str) -> None:
        """Wait until the page says it."""
        expect(self.page.locator("[data-testid=stMain]")).to_contain_text(text)
