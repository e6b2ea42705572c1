"""Pictures of the pages for the documents, light and dark, from the running dashboard: `make screenshots`.

Each is a link that opens its view, and what is done there before it is taken. With names of pictures only
those are taken. The prompts, the seeds and the windows are fixed, so the same pages give the same pictures.
"""

import io
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote, urlencode

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

import llm_tt
from llm_tt.benchmark.live_page import opened_browser, running_dashboard
from tests.end_to_end.anatomy_driver import AnatomyPage
from tests.end_to_end.flow_driver import PROMPT, FlowPage
from tests.end_to_end.stillness import still

Theme = Literal["light", "dark"]

THEMES: Final[dict[Theme, str]] = {"light": "", "dark": "-dark"}
"""What each theme's pictures end in, behind their names."""
WIDTH: Final = 1440
SHARPNESS: Final = 1.25
SETTLING: Final = 800
"""Milliseconds until another theme has begun to come."""
COLOURS: Final = 256
"""Of a picture: enough for pages, which have few, and a third of the bytes."""
DOCS: Final = Path(__file__).parents[2] / "docs"
GROUNDS: Final[dict[Theme, tuple[str, str, str]]] = {
    "light": ("#ffffff", "#1f2328", "#f3f4f6"),
    "dark": ("#111418", "#d8dce2", "#1d222a"),
}
"""Of a notebook: its ground, its text, and the ground of its code."""
AGAINST: Final = {"method": "relp", "contrast": " John"}
ONE_HEAD_OFF: Final = {"edits": "ablate:L2H1"}


def wait_for_graph(page: Page) -> None:
    """Until it is drawn, and its faithfulness is measured."""
    FlowPage(page).wait_for_graph()
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stApp]')?.innerText.includes('measuring')"
    )


def wait_for_layers(page: Page) -> None:
    AnatomyPage(page).wait_for_picture()


def wait_for_page(page: Page) -> None:
    page.wait_for_selector("[data-testid=stMainBlockContainer] h5, .token-cards, h3", timeout=60_000)
    FlowPage(page).settle()


def wait_for_comparison(page: Page) -> None:
    page.get_by_text("What changed most").wait_for(timeout=60_000)


def wait_for_map(page: Page) -> None:
    page.wait_for_selector(".js-plotly-plot", timeout=60_000)
    page.get_by_text("Prompts behind it", exact=True).wait_for(timeout=60_000)


def write_both(page: Page) -> None:
    wait_for_page(page)
    page.get_by_role("button", name="Write both").click()
    page.wait_for_selector(".written", timeout=60_000)
    FlowPage(page).settle()


@dataclass(frozen=True)
class Shot:
    """One view of a page."""

    path: str
    query: dict[str, str]
    wait: Callable[[Page], None]
    height: int
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
DIFFERENCE = {**TWO_PROMPTS, "compare_view": "difference", "both": "L3H3@3-13"}
PARIS = {
    "prompt": "The capital of Japan is the city of",
    "q": "paris OR tokyo",
    "select": "L0N73@7",
    "edits": "steer:0:72.25:n=73",
}
QUERY = {"contrast": " John", "node": "L3H1.query@13", "drawn": "2-3"}
WEIGHTS = {"concepts": "weights", "select": "L3H3@13", "weights-token": "Mary"}
SHOTS: Final = {
    "flow": Shot("", AGAINST, wait_for_graph, 1060, CUT),
    "message": Shot("", {**AGAINST, "select": "L3H3@1-13"}, wait_for_graph, 1060, CUT),
    "difference": Shot("", {**ONE_HEAD_OFF, "run": "difference"}, wait_for_graph, 1260, CUT),
    "trace": Shot("trace", {}, wait_for_page, 1300),
    "intervene": Shot("intervene", ONE_HEAD_OFF, write_both, 1440),
    "compare": Shot("compare", TWO_PROMPTS, wait_for_comparison, 1680),
    "compare-difference": Shot("compare", DIFFERENCE, wait_for_comparison, 1380),
    "roles": Shot("roles", {}, wait_for_map, 1085),
    "anatomy": Shot("anatomy", {"select": "L3H3@1-13"}, wait_for_layers, 1220),
    "query": Shot("anatomy", QUERY, wait_for_layers, 1220),
    "concepts": Shot("concepts", PARIS, wait_for_page, 1150),
    "weights": Shot("concepts", WEIGHTS, wait_for_page, 1330),
}
NOTEBOOK: Final = "notebook"


def file_names(name: str) -> list[str]:
    """The files of a picture, in the order of the themes."""
    return [f"{name}{ending}.png" for ending in THEMES.values()]


def all_files() -> list[str]:
    """Every file that this script writes, but for the gallery's."""
    return [file for name in (*SHOTS, NOTEBOOK) for file in file_names(name)]


def take(browser: Browser, address: str, name: str) -> None:
    """One view, in both themes."""
    shot = SHOTS[name]
    page = browser.new_page(
        viewport={"width": WIDTH, "height": shot.height}, device_scale_factor=SHARPNESS, color_scheme="light"
    )
    page.goto(address + shot.address)
    shot.wait(page)
    FlowPage(page).settle()
    page.mouse.move(0, 0)
    for theme, place in zip(THEMES, file_names(name), strict=True):
        page.emulate_media(color_scheme=theme)
        write(page, DOCS / place)
    page.close()


def write(page: Page, place: Path) -> None:
    """What is on the screen once nothing moves, in few colours."""
    page.wait_for_timeout(SETTLING)
    seen = still(page, lambda: page.screenshot(animations="disabled"), apart=500)
    few_colours(seen).save(place, optimize=True)
    sys.stdout.write(f"{place.name}: {place.stat().st_size / 1000:.0f} kB\n")


def few_colours(seen: bytes) -> Image.Image:
    """The picture in its most frequent colours; others, at edges of letters and lines, become the nearest."""
    pixels = np.asarray(Image.open(io.BytesIO(seen)).convert("RGB")).astype(np.int64)
    packed, places, counts = np.unique(pixels @ (1 << 16, 1 << 8, 1), return_inverse=True, return_counts=True)
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = ((colours[:, None] - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(nearest[places].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    picture.putpalette(kept.astype(np.uint8).tobytes())
    return picture


def draw_gallery() -> None:
    """The commands of the gallery, each into its picture."""
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    for command in re.findall(r"```sh\n(llm-tt graph .*?)```", text, re.DOTALL):
        _, *arguments = shlex.split(command.replace("\\\n", " "))
        call = [sys.executable, "-c", "from llm_tt.cli import run; run()", *arguments]
        subprocess.run(call, cwd=DOCS.parent, check=True)


def cells() -> Iterator[tuple[str, str]]:
    """Two cells of a notebook: what is typed, and what shows itself below."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    shares = llm_tt.attribute(model, trace, "relp", target_token=" Mary", contrast_token=" John")
    graph = llm_tt.build_graph(shares).prune(density=0.02)
    card = llm_tt.check_faithfulness(model, trace, graph)
    yield "graph.prune(density=0.02)", graph._repr_html_()
    yield "llm_tt.check_faithfulness(model, trace, small)", card._repr_html_()


def take_outputs(browser: Browser) -> None:
    """A notebook's cells with what they show, light and dark as a notebook is."""
    shown = "".join(f"<pre>{code}</pre>{html}" for code, html in cells())
    for (theme, (ground, text, code)), place in zip(GROUNDS.items(), file_names(NOTEBOOK), strict=True):
        style = (
            f"body {{ margin: 18px; background: {ground}; color: {text}; font: 14px system-ui }}"
            f"pre {{ padding: 8px 12px; background: {code}; border-radius: 4px; font: 13px monospace }}"
        )
        page = browser.new_page(
            viewport={"width": 1180, "height": 800}, device_scale_factor=SHARPNESS, color_scheme=theme
        )
        page.set_content(f"<style>{style}</style>{shown}")
        page.wait_for_selector(".panel .edges")
        write(page, DOCS / place)
        page.close()


def main(names: list[str]) -> None:
    """All pictures, or those named; "gallery" are those of its page."""
    if not names or "gallery" in names:
        draw_gallery()
    wanted = [name for name in names or [*SHOTS, NOTEBOOK] if name != "gallery"]
    if not wanted:
        return
    with running_dashboard() as address, opened_browser() as browser:
        for name in wanted:
            if name == NOTEBOOK:
                take_outputs(browser)
            else:
                take(browser, address, name)


if __name__ == "__main__":
    main(sys.argv[1:])
