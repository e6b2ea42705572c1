"""The Flow page in Chromium: prompt, inspector, address, files, themes, tabs."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from playwright.sync_api import Page, expect

import llm_tt
from llm_tt.benchmark.live_page import running_dashboard
from tests.end_to_end.flow_driver import PROMPT, FlowPage

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=alert(1)> &lt;b&gt; **bold** :red[x] $y$"


@pytest.fixture
def letters(page: Page, dashboard: str) -> FlowPage:
    """The untrained model: one token a byte, so that every text is easy to count."""
    return FlowPage(page).open(f"{dashboard}/?model=untrained")


def test_nasty_text_is_only_text(letters, tmp_path):
    letters.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    letters.type_prompt(NASTY)
    assert "".join(letters.state("graph.tokens")) == NASTY.replace(" ", "·")
    at = NASTY.index("<")
    letters.page.locator(".flow summary").click()
    letters.find(f"embed@{at}")
    assert letters.page.locator(".flow .unseen").inner_text() == "Selected: Embedding of < (0)."
    assert letters.page.locator("img[src='x']").count() == 0
    svg = saved(letters, "SVG", tmp_path).read_text(encoding="utf-8")
    texts = [node.text for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert {"<", ">", "&", ";", "$"} <= set(texts)


def test_a_nasty_model_name_is_only_text(letters):
    letters.page.goto(letters.page.url.partition("?")[0] + "?model=./a -> b :smile: <b>*x*</b>")
    expect(letters.page.get_by_text("There is no folder 'a -> b :smile: <b>*x*</b>'.")).to_be_visible()


@pytest.mark.parametrize("suffix", ["SVG", "PNG"])
def test_the_picture_is_saved_as_it_looks(relevance, tmp_path, suffix):
    path = saved(relevance, suffix, tmp_path)
    if suffix == "PNG":
        assert path.read_bytes().startswith(b"\x89PNG")
        return
    picture = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    box = relevance.stage.bounding_box()
    assert float(picture.get("width")) == pytest.approx(box["width"], abs=1)
    texts = [node.text for node in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"When", "·Mary", "L3", "for", "against"} <= set(texts)
    assert "font/woff2;base64," in path.read_text(encoding="utf-8")  # the font comes along
    n_paths = len(list(picture.iter("{http://www.w3.org/2000/svg}path")))
    assert n_paths >= relevance.state("pairs.length")


def test_the_link_reopens_the_view_in_another_browser(relevance, browser):
    relevance.click_edge("L3.attention@1-13", 0.3)
    relevance.slide(650)
    relevance.page.wait_for_function(
        "() => location.hash.includes('cut=') && location.search.includes('select=')"
    )
    other = FlowPage(browser.new_context().new_page()).open(relevance.page.url)
    for page in (relevance, other):
        page.settle()
    assert other.selected == relevance.selected
    assert other.n_edges == relevance.n_edges
    assert other.state("graph.method") == "relp"
    expect(other.page.get_by_role("heading", name=other.selected.partition("@")[0])).to_be_visible()
    other.page.context.close()


def test_a_link_that_has_to_be_completed_keeps_its_cut(page, dashboard, library):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp#cut=threshold:0.9&fan=1")
    assert flow.n_edges == llm_tt.build_graph(library[2]).prune(threshold=0.9).n_edges
    assert flow.state("fanned") is True
    page.wait_for_url(re.compile("prompt=When.*#cut=threshold:0.9&fan=1"))


def test_naming_a_token_explains_it(page, dashboard, library):
    flow = FlowPage(page).open(dashboard)
    box = page.get_by_role("combobox", name=re.compile("Against"))
    box.fill("John")
    box.press("Enter")
    page.wait_for_function("() => window.flowView.state.graph.method === 'relp'")
    flow.settle()
    shares = llm_tt.attribute(*library[:2], "relp", contrast_token=" John")
    graph = llm_tt.build_graph(shares)
    assert flow.n_edges == graph.prune(threshold=flow.state("threshold")).n_edges
    difference = float(shares.target.measure(library[1].logits[-1]))
    assert flow.state("targetLabel") == f"·Mary − ·John  {difference:+.2f}"
    expect(page).to_have_url(re.compile("contrast="))


def test_the_graph_follows_what_is_chosen_in_the_inspector(relevance):
    relevance.page.wait_for_function("() => window.flowView.state.curve")  # the browser has stopped asking
    relevance.click_edge("L3.attention@1-13", 0.3)
    relevance.page.get_by_role("button", name="L2.post@1").click()
    relevance.page.wait_for_function("() => window.flowView.state.selection?.name === 'L2.post@1'")
    expect(relevance.page).to_have_url(re.compile("select=L2.post"))


def test_a_new_prompt_starts_anew(relevance):
    relevance.click_node(8, 13)
    relevance.type_prompt("The capital of Japan is the city of")
    assert relevance.selected is None
    assert relevance.state("position") == 7
    expect(relevance.page).not_to_have_url(re.compile("select="))


def test_an_example_is_one_click(relevance):
    relevance.page.get_by_text("Capital", exact=True).click()
    relevance.page.wait_for_function("() => window.flowView.state.graph.tokens.includes('·Japan')")


def test_a_prompt_comes_from_a_file(relevance, tmp_path):
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "Lionel Messi plays for"}\n{"prompt": "5 + 4 = 9, 2 + 3 ="}\n')
    relevance.page.get_by_role("button", name="Upload").click()
    relevance.page.locator("input[type=file]").set_input_files(file)
    relevance.page.get_by_role("combobox", name="2 prompts").click()
    relevance.page.get_by_role("option", name="1. Lionel Messi").click()
    relevance.page.wait_for_function("() => window.flowView.state.graph.tokens.includes('·Messi')")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02", "zero bytes"),
        ("café".encode("latin-1"), "not in UTF-8"),
        (b"\n\n", "no lines"),
        (b"{broken", "Line 1"),
    ],
)
def test_a_file_that_holds_no_prompts_is_said(relevance, content, words):
    relevance.page.get_by_role("button", name="Upload").click()
    file = {"name": "prompts.jsonl", "mimeType": "application/json", "buffer": content}
    relevance.page.locator("input[type=file]").set_input_files(file)
    expect(relevance.page.get_by_text(re.compile(words))).to_be_visible()
    assert relevance.n_edges > 0  # the graph is still there


def test_the_model_continues_the_prompt(relevance):
    relevance.page.get_by_role("button", name="Continue").click()
    relevance.page.get_by_role("button", name="Append").click()
    relevance.page.wait_for_function("() => window.flowView.state.graph.tokens.length === 15")
    expect(relevance.page.get_by_role("textbox", name="Prompt")).to_have_value(f"{PROMPT} Mary")


def test_a_long_prompt_survives_a_reload(letters):
    letters.type_prompt("x" * 500)
    letters.page.reload()
    letters.wait_for_graph()
    assert len(letters.state("graph.tokens")) == 500
    expect(letters.page.locator(".flow .hidden-edges")).to_contain_text("were not sent")


def test_two_tabs_do_not_disturb_each_other(letters, browser, dashboard):
    other = FlowPage(browser.new_page()).open(dashboard)
    other.type_prompt("The capital of Japan is the city of")
    letters.type_prompt("This tab")
    other.find("L2.post@7")
    assert other.state("graph.heads") == 4
    assert other.selected == "L2.post@7"
    assert len(letters.state("graph.tokens")) == len("This tab")
    assert letters.selected is None
    other.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_are_the_pages_own(browser, dashboard, scheme):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    flow = FlowPage(page).open(dashboard)
    assert flow.state("theme.dark") == (scheme == "dark")
    ink, ground = flow.state("theme.ink"), flow.state("theme.background")
    assert contrast(ink, ground) >= 7
    for kind in ("attention", "accent", "negative", "other"):
        assert contrast(flow.state(f"theme.{kind}"), ground) >= 3  # lines, not text
    page.close()


def test_a_narrow_window_scrolls_only_downward(page, dashboard):
    page.set_viewport_size({"width": 390, "height": 800})
    FlowPage(page).open(dashboard)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_long_work_can_be_stopped_and_taken_up_again(page, dashboard):
    flow = FlowPage(page).open(f"{dashboard}/?model=untrained-gpt2-small&prompt=Hi")
    box = page.get_by_role("textbox", name="Prompt")
    box.fill("y" * 1000)  # seconds of work, so that there is time to stop it
    box.press("Control+Enter")
    flow.stop_work()
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    flow.type_prompt("Short")
    assert len(flow.state("graph.tokens")) == 5


def test_what_a_person_asks_is_not_taken_for_a_question_of_the_courier(page, dashboard):
    page.add_init_script(
        "const real = setInterval; window.setInterval = (call, pause, ...rest) => {"
        " if (pause === 300) window.askNews = call; return real(call, pause, ...rest); };"
        "window.requestIdleCallback = (call) => call();"  # as bad as it can be
    )
    flow = FlowPage(page).open(f"{dashboard}/?model=untrained-gpt2-small&prompt=Ha")
    box = page.get_by_role("textbox", name="Prompt")
    box.fill("z" * 1000)
    box.evaluate(
        "(box) => { askNews(); const key = { key: 'Enter', ctrlKey: true, bubbles: true };"
        " box.dispatchEvent(new KeyboardEvent('keydown', key)); }"
    )
    page.locator("[class*='st-key-stop'] button").evaluate("(button) => { askNews(); button.click(); }")
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    flow.type_prompt("Short")
    assert not page.script_errors


def test_a_hosted_dashboard_opens_only_its_list(page):
    with running_dashboard("--settings", "config/hosted.toml") as address:
        page.goto(f"{address}/?model=/etc")
        FlowPage(page).wait_for_graph()
        assert "/etc" not in page.locator("[data-testid=stMain]").inner_text()


def saved(flow: FlowPage, kind: str, folder):
    """Save the picture by its menu; the file's path."""
    flow.page.locator(".flow .tool", has_text="Save").click()
    with flow.page.expect_download() as download:
        flow.page.locator(".flow .menu-item", has_text=kind).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Of #rrggbb or rgb(r, g, b)."""
    found = re.findall(r"[0-9a-fA-F]{2}", colour) if colour.startswith("#") else re.findall(r"\d+", colour)
    channels = [int(value, 16 if colour.startswith("#") else 10) / 255 for value in found[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_another_cut_of_the_same_view_is_followed(relevance, library):
    relevance.page.evaluate("() => { location.hash = 'cut=threshold:0.9'; }")
    relevance.page.wait_for_function("() => window.flowView.state.cut?.value === 0.9")
    assert relevance.n_edges == llm_tt.build_graph(library[2]).prune(threshold=0.9).n_edges
