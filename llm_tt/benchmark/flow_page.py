"""The Flow page as a clock sees it: when its graph is drawn, what a step of the slider and a click take."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The graph lives in a shadow root; its own state says where each thing was drawn and what is shown. Graphs of
# another page may still stand there.
FIND_VIEW = """() => {
  const flows = [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot?.querySelector(".linked") ? [null, null] : shadowRoot?.querySelector(".flow") ?? []);
  window.flowView = flows.length === 1 ? flows[0]._view?.view : null;
  return Boolean(window.flowView?.state.graph && window.flowView.state.layout);
}"""

# Streamlit's styles come in files of their own, some after the first graph: until then, places move.
IS_IDLE = """() => {
  const { testScriptState } = document.querySelector("[data-testid=stApp]")?.dataset ?? {};
  const { left, top, width } = window.flowView?.stage.box.getBoundingClientRect() ?? {};
  const place = [left, top, width, window.flowView?.state.layout?.plot.width].join(" ");
  if (testScriptState !== "notRunning" || place !== window.lastPlace) window.idleSince = null;
  else window.idleSince ??= performance.now();
  window.lastPlace = place;
  return window.idleSince !== null && performance.now() - window.idleSince > 120;
}"""

PLACE_OF_NODE = """([row, position]) => {
  const { state, stage } = window.flowView;
  const { plot, xs, ys } = state.layout;
  const box = stage.box.getBoundingClientRect();
  return [box.x + plot.left + state.transform.x + xs[position] * state.transform.k,
          box.y + plot.top + state.transform.y + ys[row] * state.transform.k];
}"""

# Where the first layers are: the graph of a deep model is higher than the window.
_SHOW_LOWER_END = "() => window.flowView.stage.box.scrollIntoView({ block: 'end' })"

_SLIDE = """async () => {
  const { slider } = window.flowView.cutControl;
  const times = [];
  for (let place = 300; place < 900; place += 15) {
    slider.value = place;
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await painted;
    times.push((performance.now() - begun) / 1000);
  }
  return times;
}"""

WATCH = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const heading = () => [...main.querySelectorAll("h5")].map((h) => h.textContent).join();
  const before = heading();
  const watch = { begun: null, filled: null };
  window.watch = watch;
  addEventListener("pointerup", () => { watch.begun = performance.now(); }, { once: true, capture: true });
  new MutationObserver(() => { if (heading() !== before) watch.filled ??= performance.now(); })
    .observe(main, { subtree: true, childList: true, characterData: true });
}"""


def wait_for_first_graph(page: "Page", seconds: float = 90) -> None:
    """Until it is drawn; the page may still be busy with what comes later."""
    page.wait_for_function(FIND_VIEW, polling=20, timeout=1000 * seconds)


def wait_for_everything(page: "Page", seconds: float = 120) -> None:
    """Until nothing runs, nothing moves, and the meter has its curve."""
    page.evaluate("() => { window.idleSince = null; }")
    done = f"() => ({FIND_VIEW})() && window.flowView.state.curve && ({IS_IDLE})()"
    page.wait_for_function(done, timeout=1000 * seconds)


def slides(page: "Page") -> list[float]:
    """Seconds from a step of the slider to the painted graph, for forty steps."""
    taken: list[float] = page.evaluate(_SLIDE)
    return taken


def clicks(page: "Page", count: int = 8) -> list[float]:
    """Seconds from letting go of the button over a state until its card's heading is there."""
    return [_click(page, row) for row in range(1, count + 1)]


def _click(page: "Page", row: int) -> float:
    page.evaluate(_SHOW_LOWER_END)
    wait_for_everything(page)
    page.evaluate(WATCH)
    position = page.evaluate("() => window.flowView.state.position")
    page.mouse.click(*page.evaluate(PLACE_OF_NODE, [row, position]))
    page.wait_for_function("() => window.watch.filled", polling=20)
    seconds: float = page.evaluate("() => (window.watch.filled - window.watch.begun) / 1000")
    return seconds
