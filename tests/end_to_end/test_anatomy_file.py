"""The picture of layers in a file of its own, in Chromium: drawn, touched, saved, and no network asked."""

import json

import pytest

from llm_tt.render.standalone_html import ANATOMY, standalone_html
from tests.end_to_end.anatomy_driver import PLACE_OF_CHIP
from tests.render.anatomy_view.made_up import hostile, made_up_payload
from tests.render.anatomy_view.shapes import SHAPES

pytestmark = pytest.mark.browser

PLACE_ON_EDGE = """(edge) => {
  const { state, stage } = window.anatomyView;
  const { lines } = state.shapes.find((shape) => shape.edge === edge);
  const box = stage.box.getBoundingClientRect();
  return [box.x + lines[0][14], box.y + lines[0][15]];
}"""


@pytest.fixture
def show(page, tmp_path):
    """Open the file of a payload; gives the tab."""
    asked: list[str] = []

    def shown(payload: bytes, width: int = 1500):
        place = tmp_path / "layers.html"
        place.write_text(standalone_html(ANATOMY, payload, title="Layers <b>"), encoding="utf-8")
        page.set_viewport_size({"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(place.as_uri())
        page.wait_for_function("() => (window.anatomyView = window.standaloneView)?.state.layout")
        return page

    yield shown
    assert page.script_errors == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def selected(page):
    return page.evaluate("() => window.anatomyView.state.selection?.name ?? null")


def test_a_click_selects_and_the_panel_shows_all_of_it(show):
    page = show(made_up_payload())
    colours = page.evaluate(
        """() => { const c = window.anatomyView.stage.canvas; const seen = new Set();
        const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < data.length; i += 4) seen.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
        return seen.size; }"""
    )
    assert colours > 100
    page.mouse.click(*page.evaluate(PLACE_OF_CHIP, "L2H1@13"))
    assert selected(page) == "L2H1@13"
    assert page.locator(".panel h2").inner_text() == "What head 1 writes"
    graph = page.evaluate("() => window.anatomyView.state.graph.nodes")
    node = graph["name"].index("L2H1@13")
    shown = page.locator(".panel .token").all_inner_texts()
    assert shown == graph["promoted"][node] + graph["suppressed"][node]
    page.mouse.click(*page.evaluate(PLACE_OF_CHIP, "L2H1@13"))
    assert selected(page) is None


def test_a_click_on_an_edge_selects_its_specific_end_or_the_residual(show):
    page = show(made_up_payload())
    edges = page.evaluate("() => window.anatomyView.state.graph.edges")
    residual = edges["part"].index("L2.mid.residual@13")
    page.mouse.click(*page.evaluate(PLACE_ON_EDGE, residual))
    assert selected(page) == "L2.mid.residual@13"
    name = page.evaluate(
        "() => window.anatomyView.state.graph.nodes.name.find((n) => /^L2N\\d+\\.in/.test(n))"
    )
    entering = page.evaluate(
        "(n) => { const g = window.anatomyView.state.graph; return g.into[g.named.get(n).node][0]; }", name
    )
    page.mouse.click(*page.evaluate(PLACE_ON_EDGE, entering))
    assert selected(page) == name


def test_hovering_says_what_is_there(show):
    page = show(made_up_payload())
    page.mouse.move(*page.evaluate(PLACE_OF_CHIP, "L2.post@13"))
    assert page.locator(".card .title").inner_text() == "State that leaves layer 2"
    page.mouse.move(5, 5)
    assert page.locator(".card").is_hidden()


def test_search_and_keys_go_through_the_picture(show):
    page = show(made_up_payload(SHAPES["three layers"]))
    page.locator(".search").fill("H1")
    page.locator(".search").press("Enter")
    assert selected(page) == "L1H1@13"
    assert page.locator(".answer").inner_text().startswith("1 of ")
    left, top, width, height = page.evaluate(
        """() => { const { x, y, width, height } = window.anatomyView.stage.box.getBoundingClientRect();
        return [x, y, width, height]; }"""
    )
    x, y = page.evaluate(PLACE_OF_CHIP, "L1H1@13")  # it was brought into sight
    assert left < x < left + width
    assert top < y < top + height
    page.locator(".search").press("Enter")
    assert selected(page) == "L2H1@13"
    page.locator(".stage").focus()
    page.keyboard.press("Escape")
    assert selected(page) is None
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert selected(page) == "L3.post@13"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert selected(page) not in (None, "L3.post@13")


def test_fit_shows_all_and_then_what_can_be_read(show):
    page = show(made_up_payload(SHAPES["three layers"]))
    scale = "() => window.anatomyView.state.transform.k"
    legible = page.evaluate(scale)
    page.locator(".tool", has_text="Fit").click()
    assert page.evaluate(scale) == pytest.approx(page.evaluate("() => window.anatomyView.state.layout.least"))
    assert page.evaluate(scale) < legible
    page.locator(".tool", has_text="Fit").click()
    assert page.evaluate(scale) == legible


def test_words_select_too(show):
    page = show(made_up_payload())
    page.locator("summary").click()
    first = page.locator(".words button").first
    first.click()
    assert first.inner_text().startswith(page.locator(".panel h2").inner_text())


def test_a_saved_picture_has_the_legend_and_the_headings(show):
    page = show(made_up_payload())
    page.locator(".tool", has_text="Save").click()
    with page.expect_download() as download:
        page.locator(".menu-item", has_text="SVG").click()
    assert download.value.suggested_filename == "anatomy-layers-2-position-13.svg"
    svg = download.value.path().read_text(encoding="utf-8")
    for text in ("·Mary is", "middle", "last", "query", "writes", "for", "against", "L2"):
        assert f">{text}</text>" in svg
    assert svg.count("stroke-dasharray") >= 5


def test_tokens_that_look_like_markup_stay_text(show):
    page = show(hostile(made_up_payload()))
    page.mouse.click(*page.evaluate(PLACE_OF_CHIP, "L2.post@13"))
    token = json.loads(hostile(made_up_payload())[4:])["target"]
    assert page.locator(".panel .token").first.inner_text() == token
    assert page.locator(".notes").inner_text() == token
    assert page.locator("b").count() == 0
    assert page.locator("h1").inner_text() == "Layers <b>"


def test_what_was_chosen_elsewhere_is_followed_and_new_bytes_keep_it(show):
    page = show(made_up_payload())
    tell = """([chosen, times]) => {
      const { prompt } = window.anatomyView.state.graph;
      window.anatomyView.follow({ prompt, chosen, times });
    }"""
    page.evaluate(tell, [None, 1])
    page.evaluate(tell, ["L2.mid@13", 1])  # the first word was an old one: nobody has clicked yet
    assert selected(page) == "L2.mid@13"
    page.mouse.click(*page.evaluate(PLACE_OF_CHIP, "L2.post@13"))
    page.evaluate(tell, ["L2.mid@13", 1])  # late: since then somebody has clicked
    assert selected(page) == "L2.post@13"
    page.evaluate(tell, ["L2.mid@13", 2])
    assert selected(page) == "L2.mid@13"
    other = made_up_payload(SHAPES["as lengths"])
    load = "(bytes) => window.anatomyView.load(Uint8Array.from(bytes))"
    page.evaluate(load, list(other))
    assert selected(page) == "L2.mid@13"
    page.evaluate(load, list(made_up_payload(SHAPES["the first layer"])))
    assert selected(page) is None
    page.evaluate(load, list(made_up_payload()))
    assert selected(page) == "L2.mid@13"
    page.evaluate(load, list(made_up_payload(run="later", prompt="another")))
    assert selected(page) is None
