"""What leaves the page: files from its menu, one that is opened offline, and outputs of a notebook."""

import json

import pytest

import llm_tt
from llm_tt.graph.flow_graph import FlowGraph
from tests.end_to_end.flow_driver import PROMPT, FlowPage

pytestmark = pytest.mark.browser

FIND_ALONE = "() => (window.flowView = window.standaloneView)?.state.layout && true"


@pytest.fixture(scope="module")
def run():
    """The small world, a trace, and its graph for one name against the other."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    shares = llm_tt.attribute(model, trace, "relp", target_token=" Mary", contrast_token=" John")
    return model, trace, llm_tt.build_graph(shares)


@pytest.fixture
def flow(page, dashboard):
    """The page of the same graph."""
    return FlowPage(page).open(f"{dashboard}/?method=relp&contrast=+John")


@pytest.fixture
def offline(browser):
    """A tab that notes whom it asks."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, errors = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    tab.close()
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def save(flow, label: str, place):
    flow.page.locator(".flow .tool", has_text="Save").click()
    with flow.page.expect_download() as download:
        flow.page.locator(".menu-item").get_by_text(label, exact=True).click()
    download.value.save_as(place / download.value.suggested_filename)
    return place / download.value.suggested_filename


def test_the_menu_saves_what_the_slider_shows(flow, tmp_path):
    flow.slide(600)
    flow.settle()
    n_edges = flow.n_edges
    saved = save(flow, "JSON", tmp_path)
    assert FlowGraph.load(saved).n_edges == n_edges
    flow.slide(300)
    flow.settle()
    assert flow.n_edges < n_edges
    table = save(flow, "CSV table", tmp_path).read_text()
    assert len(table.splitlines()) == flow.n_edges + 1
    assert flow.page.locator(".flow .answer").inner_text() == ""


@pytest.mark.parametrize("width", [420, 520, 700, 1280])
def test_the_menus_are_in_sight_in_any_window(width, offline, run, tmp_path):
    _, _, graph = run
    offline.set_viewport_size({"width": width, "height": 900})
    offline.goto(llm_tt.save_graph(graph, tmp_path / "graph.html").as_uri())
    offline.wait_for_function(FIND_ALONE)
    for menu in ("View", "Save"):
        offline.locator(".flow .tool", has_text=menu).click()
        box = offline.locator(".menu-items:not([hidden])").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        offline.keyboard.press("Escape")


def test_a_saved_page_is_opened_offline_and_clicked(flow, offline, tmp_path):
    flow.page.evaluate("() => window.flowView.choose('L3H3@1-13')")
    flow.settle()
    n_edges = flow.n_edges
    saved = save(flow, "HTML page", tmp_path)
    offline.goto(saved.as_uri())
    offline.wait_for_function(FIND_ALONE)
    assert offline.evaluate("() => window.flowView.state.described.edges") == n_edges
    assert offline.locator(".panel .name").inner_text() == "L3H3@1-13"
    offline.evaluate("() => window.flowView.choose(null)")
    before = offline.locator(".readout").inner_text()
    offline.locator(".slider").evaluate("(s) => { s.value = 900; s.dispatchEvent(new Event('input')); }")
    assert offline.locator(".readout").inner_text() != before


def test_a_page_of_the_library_reads_states_and_says_what_is_kept(offline, run, tmp_path):
    model, trace, graph = run
    place = llm_tt.save_graph(
        graph.prune(density=0.02), tmp_path / "graph.html", model=model, trace=trace, measure=True
    )
    offline.goto(place.as_uri())
    offline.wait_for_function(FIND_ALONE)
    assert offline.locator(".readout").inner_text().startswith("37 of 1,848 edges")
    assert "keeps" in offline.locator(".meter-words").inner_text()
    strongest = offline.locator(".panel .edges .line").first
    strongest.click()  # from the list to the edge, from the edge to a state, from the state on
    assert offline.evaluate("() => window.flowView.state.selection.kind") == "messages"
    offline.locator(".panel .way .line").last.click()
    assert offline.evaluate("() => window.flowView.state.selection.kind") == "state"
    assert "reads as" in offline.locator(".panel").inner_text()
    offline.keyboard.press("Escape")


def test_another_prediction_cannot_be_asked_of_a_file(offline, run, tmp_path):
    _, _, graph = run
    offline.goto(llm_tt.save_graph(graph, tmp_path / "graph.html").as_uri())
    offline.wait_for_function(FIND_ALONE)
    offline.evaluate("() => window.flowView.target(5)")
    assert offline.evaluate("() => window.flowView.state.position") == 13
    assert offline.locator(".flow.waiting").count() == 0
    assert offline.locator(".meter").first.is_hidden()


def test_a_saved_difference_is_told_as_one(page, dashboard, offline, tmp_path):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp&edits=ablate:L2H1&run=difference")
    saved = save(flow, "HTML page", tmp_path)
    offline.goto(saved.as_uri())
    offline.wait_for_function(FIND_ALONE)
    panel = offline.locator(".panel")
    assert panel.locator("h3").inner_text() == "Largest changes"
    assert "base → edited" in panel.locator("dl").inner_text()
    panel.locator(".edges .line", has_text="L2H1").first.click()
    assert "Lost: kept only in base" in panel.inner_text()


def test_a_saved_comparison_says_what_the_other_method_finds(page, dashboard, offline, tmp_path):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp&compare=gradact")
    offline.goto(save(flow, "HTML page", tmp_path).as_uri())
    offline.wait_for_function(FIND_ALONE)
    offline.locator(".panel .edges .line").first.click()
    assert offline.locator(".panel dt").all_inner_texts()[2] == "Gradient"


def test_a_state_that_nothing_reaches_says_so(offline, run, tmp_path):
    _, _, graph = run
    offline.goto(llm_tt.save_graph(graph.prune(density=0.02), tmp_path / "graph.html").as_uri())
    offline.wait_for_function(FIND_ALONE)
    offline.evaluate("() => window.flowView.choose('embed@13')")
    assert "Nothing on this graph" in offline.locator(".panel").inner_text()
    offline.evaluate("() => window.flowView.choose('embed@1')")
    assert "Nothing on this graph" not in offline.locator(".panel").inner_text()


def test_a_panel_keeps_its_words_and_numbers_inside(offline, run, tmp_path):
    model, trace, graph = run
    anatomy = llm_tt.anatomy.flow(model, trace, 3, " Mary")
    for shown, clipped in ((graph, ".panel .edges .line > :first-child"), (anatomy, ".panel .amount")):
        offline.goto(llm_tt.save_graph(shown, tmp_path / "graph.html").as_uri())
        offline.wait_for_function(FIND_ALONE)
        for width in (1280, 420):
            offline.set_viewport_size({"width": width, "height": 900})
            assert offline.evaluate(
                """(cells) => {
                  const edge = document.querySelector(".panel").getBoundingClientRect().right + 1;
                  return [...document.querySelectorAll(cells)].every((cell) =>
                    cell.scrollWidth <= cell.clientWidth + 1 && cell.getBoundingClientRect().right <= edge);
                }""",
                clipped,
            )


def test_in_a_narrow_cell_the_panel_stands_below(offline, run, tmp_path):
    """What counts is the room of the cell, not that of the window."""
    _, _, graph = run
    for width, is_below in ((700, True), (1150, False)):
        cell = f"<div style='width:{width}px'>{graph._repr_html_()}</div>"
        (tmp_path / "outputs.html").write_text(notebook([cell], "#ffffff"), encoding="utf-8")
        offline.goto((tmp_path / "outputs.html").as_uri())
        picture, panel = (offline.locator(name).bounding_box() for name in (".picture", ".panel"))
        assert (panel["y"] >= picture["y"] + picture["height"]) is is_below


def notebook(outputs: list[str], background: str) -> str:
    return f"<!doctype html><body style='background:{background}'>" + "<hr>".join(outputs)


@pytest.mark.parametrize(("background", "theme"), [("#ffffff", "light"), ("#111418", "dark")])
def test_several_outputs_of_a_notebook_live_side_by_side(background, theme, offline, run, tmp_path):
    model, trace, graph = run
    small = graph.prune(density=0.02)
    outputs = [
        small._repr_html_(),
        small._repr_html_(),
        llm_tt.anatomy.flow(model, trace, 3, " Mary")._repr_html_(),
        llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=3)._repr_html_(),
        llm_tt.check_faithfulness(model, trace, small)._repr_html_(),
    ]
    (tmp_path / "outputs.html").write_text(notebook(outputs, background), encoding="utf-8")
    offline.goto((tmp_path / "outputs.html").as_uri())
    offline.wait_for_function("() => document.querySelectorAll('[id^=llm-tt-]').length === 3")
    hosts = offline.locator("[id^=llm-tt-]")
    assert {hosts.nth(i).get_attribute("data-theme") for i in range(3)} == {theme}
    first, second = (offline.locator("[id^=llm-tt-]").nth(i) for i in range(2))
    first.locator(".panel .edges .line").first.click()
    assert first.locator(".panel .name").count() == 1
    assert second.locator(".panel .name").count() == 0
    assert hosts.nth(2).locator(".panel h2").inner_text() == "State that leaves layer 3"
    assert offline.locator("table").count() == 2
    if theme == "light":  # the notebook's theme is changed, and the outputs follow
        offline.evaluate("() => { document.body.style.background = '#101010'; }")
        offline.wait_for_function(
            "() => [...document.querySelectorAll('[id^=llm-tt-]')].every((e) => e.dataset.theme === 'dark')"
        )


def test_the_headers_of_saved_data_say_what_they_are_of(flow, tmp_path):
    content = json.loads(save(flow, "circuit-tracer JSON", tmp_path).read_text())
    assert content["metadata"]["prompt"] == PROMPT
    assert content["links"]
