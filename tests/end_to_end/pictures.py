"""Pictures of the pages for the documents, taken from the running dashboard: `make screenshots`.

Each is a link that opens its view, and what is done there before it is taken. With names of pictures only
those are taken.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, Page

import llm_tt
from llm_tt.benchmark.live_page import opened_browser, running_dashboard
from tests.end_to_end.anatomy_driver import AnatomyPage
from tests.end_to_end.flow_driver import PROMPT, FlowPage

NOTEBOOK_STYLE = """
body { margin: 18px; background: #111418; color: #d8dce2; font: 14px/1.5 system-ui, sans-serif }
pre { padding: 8px 12px; background: #1d222a; border-radius: 4px; font: 13px monospace }"""
DOCS = Path(__file__).parents[2] / "docs"
SHARPNESS = 1.25
AGAINST = {"method": "relp", "contrast": " John"}
ONE_HEAD_OFF = {"edits": "ablate:L2H1"}


def wait_for_graph(page: Page) -> None:
    """Until it is drawn, and its faithfulness is measured."""
    FlowPage(page).wait_for_graph()
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stApp]')?.innerText.includes('measuring')"
    )
    page.wait_for_timeout(1500)


def wait_for_layers(page: Page) -> None:
    AnatomyPage(page).wait_for_picture()
    page.wait_for_timeout(800)


def wait_for_page(page: Page) -> None:
    page.wait_for_selector("[data-testid=stMainBlockContainer] h5, .token-cards, h3", timeout=60_000)
    FlowPage(page).settle()
    page.wait_for_timeout(2500)
    FlowPage(page).settle()


def wait_for_comparison(page: Page) -> None:
    page.get_by_text("What changed most").wait_for(timeout=60_000)
    page.wait_for_timeout(2500)


def wait_for_map(page: Page) -> None:
    page.wait_for_selector(".js-plotly-plot", timeout=60_000)
    page.wait_for_timeout(4000)


def write_both(page: Page) -> None:
    wait_for_page(page)
    page.get_by_role("button", name="Write both").click()
    page.wait_for_timeout(4000)
    FlowPage(page).settle()


@dataclass(frozen=True)
class Shot:
    """One picture."""

    path: str
    query: dict[str, str]
    wait: Callable[[Page], None]
    height: int
    width: int = 1440
    is_dark: bool = False
    hash: str = ""

    @property
    def address(self) -> str:
        """Without the dashboard's own."""
        return f"/{self.path}?{urlencode(self.query, quote_via=quote)}{self.hash}"


CUT = "#cut=density:0.035"
TWO_PROMPTS = {
    "prompt": PROMPT,
    "method": "relp",
    "b_prompt": "When Mary and John went to the store, Mary gave a drink to",
}
SHOTS = {
    "flow": Shot("", AGAINST, wait_for_graph, 980, hash=CUT),
    "flow-dark": Shot("", {**AGAINST, "select": "L3H3@1-13"}, wait_for_graph, 900, is_dark=True, hash=CUT),
    "difference": Shot("", {**ONE_HEAD_OFF, "run": "difference"}, wait_for_graph, 1125, hash=CUT),
    "compare": Shot("compare", TWO_PROMPTS, wait_for_comparison, 1580),
    "compare-difference": Shot(
        "compare",
        {**TWO_PROMPTS, "compare_view": "difference", "both": "L3H3@3-13"},
        wait_for_comparison,
        1420,
        is_dark=True,
    ),
    "roles": Shot("roles", {}, wait_for_map, 1010),
    "trace": Shot("trace", {}, wait_for_page, 1294),
    "intervene": Shot("intervene", ONE_HEAD_OFF, write_both, 1687),
    "anatomy": Shot("anatomy", {"select": "L3H3@1-13"}, wait_for_layers, 1212, width=1584),
    "anatomy-dark": Shot(
        "anatomy",
        {"contrast": " John", "node": "L3H1.query@13", "drawn": "2-3"},
        wait_for_layers,
        1176,
        width=1872,
        is_dark=True,
    ),
    "concepts": Shot(
        "concepts",
        {
            "prompt": "The capital of Japan is the city of",
            "q": "paris OR tokyo",
            "select": "L0N73@7",
            "edits": "steer:0:72.25:n=73",
        },
        wait_for_page,
        1136,
    ),
    "weights": Shot(
        "concepts", {"concepts": "weights", "select": "L3H3@13", "weights-token": "Mary"}, wait_for_page, 1327
    ),
}


def take(browser: Browser, address: str, name: str) -> None:
    """One picture into its file."""
    shot = SHOTS[name]
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=SHARPNESS,
        color_scheme="dark" if shot.is_dark else "light",
    )
    page = context.new_page()
    page.goto(address + shot.address)
    shot.wait(page)
    page.mouse.move(0, 0)
    page.screenshot(path=DOCS / f"{name}.png")
    context.close()


def draw_gallery() -> None:
    """The commands of the gallery, each into its picture."""
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    for command in re.findall(r"```sh\n(llm-tt graph .*?)```", text, re.DOTALL):
        _, *arguments = shlex.split(command.replace("\\\n", " "))
        call = [sys.executable, "-c", "from llm_tt.cli import run; run()", *arguments]
        subprocess.run(call, cwd=DOCS.parent, check=True)


def take_outputs(browser: Browser) -> None:
    """Two cells of a notebook and what they show, as a notebook in the dark has them."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    shares = llm_tt.attribute(model, trace, "relp", target_token=" Mary", contrast_token=" John")
    graph = llm_tt.build_graph(shares).prune(density=0.02)
    card = llm_tt.check_faithfulness(model, trace, graph)
    cells = {"graph.prune(density=0.02)": graph, "llm_tt.check_faithfulness(model, trace, small)": card}
    shown = "".join(f"<pre>{code}</pre>{value._repr_html_()}" for code, value in cells.items())
    page = browser.new_page(viewport={"width": 1180, "height": 760}, device_scale_factor=SHARPNESS)
    page.set_content(f"<style>{NOTEBOOK_STYLE}</style>{shown}")
    page.wait_for_selector(".panel .edges")
    page.wait_for_timeout(500)
    page.screenshot(path=DOCS / "notebook.png")
    page.close()


def main(names: list[str]) -> None:
    """All pictures, or those named; "gallery" are those of its page."""
    if not names or "gallery" in names:
        draw_gallery()
    pages = [name for name in names or [*SHOTS, "notebook"] if name != "gallery"]
    if not pages:
        return
    with running_dashboard() as address, opened_browser() as browser:
        for name in pages:
            if name == "notebook":
                take_outputs(browser)
            else:
                take(browser, address, name)
            sys.stdout.write(f"{name}.png\n")


if __name__ == "__main__":
    main(sys.argv[1:])
