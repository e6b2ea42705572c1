"""The Anatomy page in Chromium: what is drawn, clicked and chosen is what the library computes."""

import re

import pytest
from playwright.sync_api import Page, expect

import llm_tt
from tests.end_to_end.anatomy_driver import AnatomyPage
from tests.end_to_end.flow_driver import PROMPT, FlowPage
from tests.end_to_end.stillness import still

pytestmark = pytest.mark.browser


PLACE_OF_CELL = """(name) => {
  const plot = document.querySelector(".js-plotly-plot");
  const cells = plot.data.find((trace) => trace.customdata);
  const point = plot.querySelectorAll(".scatterlayer .point")[cells.customdata.indexOf(name)];
  const box = point.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


@pytest.fixture(scope="module")
def library():
    """The graph of the first view, computed here."""
    model = llm_tt.load_model("small-world")
    return llm_tt.anatomy.flow(model, llm_tt.capture(model, PROMPT), 3)


@pytest.fixture
def anatomy(page: Page, dashboard: str):
    """The first view; nothing may be asked of a network, and no script may fail."""
    yield AnatomyPage(page).open(f"{dashboard}/anatomy")
    assert page.strangers == []
    assert page.script_errors == []


def test_the_first_view_is_the_librarys(anatomy, library):
    assert tuple(anatomy.state("graph.nodes.name")) == library.names
    assert anatomy.state("graph.nodes.rank") == [rank or None for rank in library.nodes.rank.tolist()]
    assert anatomy.state("graph.layers") == [3]
    colours = anatomy.page.evaluate(
        """() => { const c = window.anatomyView.stage.canvas; const seen = new Set();
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) seen.add(`${d[i]} ${d[i + 1]} ${d[i + 2]}`);
        return seen.size; }"""
    )
    assert colours > 100


def test_a_click_reads_a_part_and_stands_in_the_link(anatomy):
    anatomy.click_chip("L3H3.value@1-13")
    anatomy.expect_card("L3H3")
    expect(
        anatomy.page.get_by_text("Message of head 3 of layer 3, from ·Mary (1) to ·to (13)")
    ).to_be_visible()
    expect(anatomy.page).to_have_url(re.compile(r"select=L3H3%401-13"))
    anatomy.settle().click_chip("L3H3.value@1-13")
    expect(anatomy.page).not_to_have_url(re.compile("select="))
    assert anatomy.selected is None


def test_a_node_that_is_no_part_has_a_card_and_a_link(anatomy, page):
    anatomy.click_chip("L3H3.query@13")
    anatomy.expect_card("L3H3.query")
    expect(page.get_by_text("Looked for and avoided")).to_be_visible()
    expect(page).to_have_url(re.compile(r"node=L3H3.query%4013"))
    anatomy.settle()
    address = page.url
    again = AnatomyPage(page).open(address)
    again.expect_card("L3H3.query")
    again.wait_until("selection")
    assert again.selected == "L3H3.query@13"


def test_a_key_is_read_through_the_circuit(anatomy, page):
    anatomy.click_chip("L3H3.key@1-13")
    expect(page.get_by_text("Found by and passed over by")).to_be_visible()
    assert anatomy.selected == "L3H3.key@1-13"


def test_norms_show_what_they_do(anatomy, page):
    anatomy.click_chip("L3.norm2@13")
    anatomy.expect_card("L3.norm2")
    expect(page.get_by_text("What the norm does")).to_be_visible()


def test_residual_edges_are_clicked_too(anatomy, page):
    anatomy.click_residual("L3.post.residual@13")
    anatomy.expect_card("L3.post.residual")
    assert anatomy.selected == "L3.post.residual@13"


def test_hover_cards_say_what_is_there(anatomy, library):
    said = anatomy.hover_chip("L3H3.value@1-13")
    place = library.place_of("L3H3.value@1-13")
    assert "·Mary" in said
    assert f"{library.nodes.contribution[place]:+.2f}" in said.replace("\N{MINUS SIGN}", "-")
    said = anatomy.hover_chip("L3.neurons.others@13")
    assert "and 500 more neurons" in said


def test_search_finds_names_and_tokens(anatomy):
    anatomy.find("L3H1")
    anatomy.expect_card("L3H1")
    anatomy.settle().find("·Mary")
    found = anatomy.selected
    promoted = anatomy.state(f"graph.nodes.promoted[{anatomy.state('selection.node')}]")
    assert "·Mary" in promoted or "Mary" in str(found)


def test_the_switch_changes_what_edges_weigh(anatomy, page):
    page.get_by_role("radio", name="Attention").click()
    anatomy.wait_until("graph.measure === 'attention'")
    paid = [a for a in anatomy.state("graph.edges.attention") if a is not None]
    assert 0 < max(paid) <= 1
    expect(page).to_have_url(re.compile("measure=attention"))


def test_three_layers_and_back(anatomy, page):
    page.get_by_role("radio", name="3", exact=True).click()
    anatomy.wait_until("graph.layers.length === 3")
    assert anatomy.state("graph.layers") == [1, 2, 3]
    expect(page).to_have_url(re.compile("drawn=1-3"))
    slider = page.get_by_role("slider", name="Up to layer")
    slider.press("ArrowLeft")
    anatomy.wait_until("graph.layers[2] === 2")
    assert anatomy.state("graph.layers") == [0, 1, 2]
    assert "embed@13" in anatomy.state("graph.nodes.name")


def test_the_card_leads_to_another_layer(anatomy, page):
    anatomy.click_chip("L3H3.value@1-13")
    anatomy.expect_card("L3H3")
    anatomy.settle()
    page.get_by_role("button", name="reads L2.post@1").click()
    anatomy.expect_card("L2.post")
    anatomy.wait_until("graph.layers[0] === 2")


def test_the_whole_model_opens_a_layer(page, dashboard):
    page.goto(f"{dashboard}/anatomy?anatomy-view=model")
    chart = page.locator(".js-plotly-plot .scatterlayer .point")
    chart.first.wait_for(state="attached", timeout=60_000)
    AnatomyPage(page).settle()
    page.mouse.click(*still(page, lambda: page.evaluate(PLACE_OF_CELL, "L1H2@13")))
    anatomy = AnatomyPage(page).wait_for_picture()
    anatomy.expect_card("L1H2")
    assert anatomy.state("graph.layers") == [1]


def test_keys_walk_select_and_zoom(anatomy):
    anatomy.stage.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        anatomy.page.keyboard.press(key)
    assert anatomy.selected is not None
    before = anatomy.state("transform.k")
    anatomy.page.keyboard.press("+")
    assert anatomy.state("transform.k") > before
    anatomy.page.keyboard.press("Escape")
    assert anatomy.selected is None


def test_a_click_does_not_send_the_picture_again(browser, dashboard):
    page = browser.new_page()
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    anatomy = AnatomyPage(page).open(f"{dashboard}/anatomy?drawn=1-3")
    whole = sum(received)
    received.clear()
    anatomy.click_chip("L3.attention@13")
    anatomy.expect_card("L3.attention")
    anatomy.settle()
    assert sum(received) < whole / 4
    page.close()


@pytest.mark.parametrize("width", [420, 800, 1400])
def test_no_switch_is_cut_in_a_small_window(anatomy, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for label in ("Layers", "Edges show"):
        switch = page.get_by_role("radiogroup", name=label, exact=True)
        hidden = switch.evaluate("(box) => box.scrollWidth - box.clientWidth")
        assert hidden <= 1, label
    tools = page.locator(".anatomy .toolbar > *:visible").evaluate_all(
        "(tools) => tools.filter((t) => t.clientWidth).map((t) => t.getBoundingClientRect().top)"
    )
    assert max(tools) - min(tools) < 20, "the toolbar is one row"


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_the_picture_is_saved(anatomy, kind, tmp_path):
    anatomy.page.locator(".anatomy").get_by_role("button", name="Save").click()
    with anatomy.page.expect_download() as download:
        anatomy.page.locator(".anatomy").get_by_role("button", name=kind, exact=True).click()
    place = tmp_path / "picture"
    download.value.save_as(place)
    content = place.read_bytes()
    assert content.startswith(b"\x89PNG" if kind == "PNG" else b"<svg")
    assert len(content) > 10_000


def test_the_file_opens_without_the_dashboard(anatomy, browser, tmp_path):
    with anatomy.page.expect_download() as download:
        anatomy.page.get_by_role("button", name="HTML").click()
    assert download.value.suggested_filename == "anatomy-layers-3-position-13.html"
    place = tmp_path / "anatomy.html"
    download.value.save_as(place)
    alone = browser.new_page()
    alone.goto(place.as_uri())
    alone.wait_for_function("() => (window.anatomyView = window.standaloneView)?.state.layout")
    assert alone.evaluate("() => window.anatomyView.state.graph.layers") == [3]
    alone.close()


def test_tokens_are_text(page, dashboard):
    prompt = "<script>document.title='x'</script> <img src=x onerror=document.title='y'>"
    anatomy = AnatomyPage(page).open(f"{dashboard}/anatomy?prompt={prompt}&model=untrained")
    anatomy.click_chip(anatomy.state("graph.nodes.name.find((n) => n.includes('.key@'))"))
    anatomy.settle()
    assert page.title() not in ("x", "y")
    assert page.script_errors == []


def test_two_tabs_do_not_disturb_each_other(page, browser, dashboard):
    other = browser.new_page()
    first = AnatomyPage(page).open(f"{dashboard}/anatomy?drawn=2")
    second = AnatomyPage(other).open(
        f"{dashboard}/anatomy?prompt=The capital of Japan is the city of&drawn=1-2"
    )
    first.click_chip("L2H1@13")
    first.expect_card("L2H1")
    second.click_chip("L2.mlp@7")
    second.expect_card("L2.mlp")
    assert first.selected == "L2H1@13"
    assert (first.state("graph.layers"), second.state("graph.layers")) == ([2], [1, 2])
    other.close()


def test_what_is_chosen_goes_along_to_other_pages(anatomy, page):
    anatomy.click_chip("L3H3.value@1-13")
    anatomy.expect_card("L3H3")
    anatomy.settle()
    page.get_by_role("link", name="Flow", exact=True).click()
    flow = FlowPage(page).wait_for_graph()
    assert flow.selected == "L3H3@1-13"
    page.get_by_role("link", name="Anatomy", exact=True).click()
    again = AnatomyPage(page).wait_for_picture()
    assert again.selected == "L3H3.value@1-13"


def test_an_intervention_is_dissected(anatomy, page):
    anatomy.click_chip("L3H3@13")
    anatomy.expect_card("L3H3")
    anatomy.settle()
    page.get_by_role("button", name="Cut and measure").click()
    expect(page.get_by_text(re.compile("Without it"))).to_be_visible()
    page.goto(page.url + "&edits=ablate:L3H3&dissected=edited")
    edited = AnatomyPage(page).wait_for_picture()
    assert edited.state("graph.runLabel") == "edited"


@pytest.mark.parametrize(("start", "to"), [("trace", "Flow"), ("concepts", "Anatomy"), ("anatomy", "Trace")])
def test_the_prompt_goes_along_though_nothing_was_touched(page, dashboard, start, to):
    """On a new page, Streamlit shows an untouched box empty, and sends that as if it had been typed."""
    prompt = "The capital of Japan is the city of"
    page.goto(f"{dashboard}/{start}?prompt={prompt}")
    box = page.get_by_role("textbox", name="Prompt")
    expect(box).to_have_value(prompt, timeout=60_000)
    AnatomyPage(page).settle()
    page.get_by_role("link", name=to, exact=True).click()
    expect(page).to_have_url(re.compile(f"/{to.lower() if to != 'Flow' else ''}\\?"))
    AnatomyPage(page).settle()
    expect(box).to_have_value(prompt)
    expect(page).to_have_url(re.compile("prompt=The\\+capital"))
    page.get_by_role("link", name="Intervene", exact=True).click()
    expect(page).to_have_url(re.compile("/intervene"))
    AnatomyPage(page).settle()
    expect(box).to_have_value(prompt)
