"""The graph in Chromium: what is drawn, clicked, slid and typed is what the library computes."""

import re

import pytest
from playwright.sync_api import Page, expect

import llm_tt
from llm_tt.render.flow_news import densities_of_meter
from tests.end_to_end.flow_driver import PROMPT, FlowPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def library():
    """Model, trace and flow routes of the first view, computed here."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    return model, trace, llm_tt.attribute(model, trace)


@pytest.fixture
def flow(page: Page, dashboard: str) -> FlowPage:
    """The first view: the small world, the indirect object, flow routes."""
    return FlowPage(page).open(dashboard)


@pytest.fixture
def relevance(page: Page, dashboard: str) -> FlowPage:
    """The same prediction, explained by RelP."""
    return FlowPage(page).open(f"{dashboard}/?method=relp")


def test_the_first_view_has_a_graph_without_a_click(flow, library):
    graph = llm_tt.build_graph(library[2])
    small = graph.prune(threshold=flow.state("threshold"))
    assert flow.readout.startswith(
        f"{small.n_edges} of {graph.n_candidates:,} edges, {small.density:.1%}".replace("%", " %")
    )
    assert 20 < small.n_edges < 200
    drawn = {(pair[0], pair[1]) for pair in flow.state("pairs.map((p) => [p.source, p.target])")}
    assert drawn == set(zip(small.source.tolist(), small.target.tolist(), strict=True))
    assert flow.state("graph.tokens.join('|')") == "|".join(
        t.replace(" ", "·") for t in library[1].prompt.token_strings
    )
    assert flow.page.strangers == []
    assert flow.page.script_errors == []
    colours = flow.page.evaluate(
        """() => { const c = window.flowView.stage.canvas; const seen = new Set();
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) seen.add(`${d[i]} ${d[i + 1]} ${d[i + 2]}`);
        return seen.size; }"""
    )
    assert colours > 20  # something is painted, in several inks


@pytest.mark.parametrize("unit", ["threshold", "density", "mass"])
def test_the_slider_shows_exactly_what_prune_keeps(flow, library, unit):
    flow.page.locator(".flow .unit").select_option(unit)
    graph = llm_tt.build_graph(library[2])
    for place in (0, 130, 250, 500, 750, 920, 1000):
        flow.slide(place)
        cut = flow.state("cut")
        assert cut["unit"] == unit
        small = graph.prune(**{unit: float(cut["value"])})
        assert flow.n_edges == small.n_edges
        assert flow.state("described.mass") == pytest.approx(small.mass, rel=1e-6)


def test_sliding_sends_nothing_to_the_server(browser, dashboard):
    page = browser.new_page()
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    flow = FlowPage(page).open(dashboard)
    page.wait_for_function(
        "() => window.flowView.state.curve && Object.keys(window.flowView.state.labels).length > 0"
    )
    flow.settle()
    sent.clear()
    counts = set()
    for place in range(100, 1000, 90):
        flow.slide(place)
        counts.add(flow.n_edges)
    page.wait_for_timeout(1500)  # longer than any delay of the page's own
    assert len(counts) > 5
    assert sent == []
    page.close()


def test_a_typed_number_cuts_there(flow, library):
    flow.page.locator(".flow .unit").select_option("threshold")
    number = flow.page.locator(".flow .number")
    number.fill("4")
    number.press("Enter")
    assert flow.n_edges == llm_tt.build_graph(library[2]).prune(threshold=0.04).n_edges


@pytest.mark.parametrize("share", [0.15, 0.5, 0.85])
def test_an_edge_is_hit_along_its_whole_length(relevance, share):
    relevance.click_edge("L2.attention@9-13", share)
    assert relevance.selected == "L2H1@9-13"  # the one head on this pair of tokens
    expect(relevance.page).to_have_url(re.compile("select=L2H1"))


def test_clicking_again_and_escape_clear(relevance):
    relevance.click_edge("L2.attention@9-13")
    relevance.click_edge("L2.attention@9-13")
    assert relevance.selected is None
    relevance.click_node(8, 13)
    assert relevance.selected == "L3.post@13"
    relevance.page.keyboard.press("Escape")
    assert relevance.selected is None
    expect(relevance.page).not_to_have_url(re.compile("select="))


def test_a_selection_lights_what_fed_it_and_the_way_to_the_target(relevance):
    relevance.click_edge("L3.attention@1-13")
    trails = relevance.page.evaluate(
        """() => { const { trails, pairs } = window.flowView.state;
        const by = new Map(pairs.map((p) => [p.key, [p.source, p.target]]));
        const ends = (keys) => [...keys].map((key) => by.get(key));
        return { fed: ends(trails.fed), onward: ends(trails.onward) }; }"""
    )
    row = lambda node: node // 14  # noqa: E731
    assert all(target % 14 <= 13 and row(target) <= 7 for _, target in trails["fed"])
    assert [source % 14 for source, target in trails["fed"] if row(target) == 7] == [1]
    assert trails["onward"][-1][1] == 8 * 14 + 13


def test_another_target_is_traced_at_once_without_the_server(flow, library):
    flow.page.evaluate(
        "() => { window.told = 0; window.flowView.tell.onTarget = () => { window.told += 1; }; }"
    )
    flow.click_target(9)  # the server is never told, and the graph is there all the same
    graph = llm_tt.build_graph(library[2], 9)
    assert flow.page.evaluate("() => window.told") == 1
    assert flow.state("position") == 9
    assert flow.state("described.candidates") == graph.n_candidates
    assert flow.n_edges == graph.prune(threshold=flow.state("threshold")).n_edges


def test_another_target_of_a_signed_method_is_attributed_anew(relevance, library):
    relevance.click_target(12)
    relevance.page.wait_for_function("() => window.flowView.state.position === 12")
    shares = llm_tt.attribute(*library[:2], "relp", target_position=12)
    graph = llm_tt.build_graph(shares)
    assert relevance.state("described.candidates") == graph.n_candidates
    assert relevance.n_edges == graph.prune(threshold=relevance.state("threshold")).n_edges
    expect(relevance.page).to_have_url(re.compile("at=12"))


def test_the_keyboard_walks_selects_and_clears(relevance):
    relevance.stage.focus()
    for key in ("ArrowDown", "Enter"):
        relevance.page.keyboard.press(key)
    assert relevance.selected == "L3.mid@13"
    relevance.page.keyboard.press("e")
    relevance.page.keyboard.press("Enter")
    assert relevance.selected == "L3.mid.residual@13"  # the strongest that enters
    relevance.page.keyboard.press("Escape")
    assert relevance.selected is None
    assert "Nothing selected" in relevance.page.locator(".flow .unseen").inner_text()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("L2H1", "L2H1@9-13"),
        ("2.1", "L2H1@9-13"),
        ("L3 mlp", "L3.mlp@13"),
        ("Mary", "embed@1"),
        ("L1N100", "L1N100@13"),
        ("L2.post@1", "L2.post@1"),
    ],
)
def test_search_jumps_to_what_it_names(relevance, text, name):
    relevance.find(text)
    assert relevance.selected == name


def test_search_says_where_a_head_would_come_in_and_shows_it(relevance):
    relevance.slide(200)
    relevance.find("L0H3")
    expect(relevance.page.locator(".flow .answer")).to_contain_text("comes in at")
    relevance.page.locator(".flow .answer button").click()
    assert relevance.selected.startswith("L0H3@")


def test_hovering_names_what_is_there(relevance, library):
    relevance.page.wait_for_function("() => Object.keys(window.flowView.state.labels).length > 0")
    relevance.page.wait_for_function("() => window.flowView.state.curve")  # nothing moves any more
    relevance.settle()
    relevance.stage.hover(position=_in_stage(relevance, 8, 13))
    card = relevance.page.locator(".flow .card")
    expect(card).to_contain_text("After layer 3, ·to (13)")
    top = llm_tt.rank_tokens(library[0], library[1].resid_post[3, 13], top=1).token_strings[0]
    expect(card).to_contain_text(top.replace(" ", "·"))


def test_pins_and_the_cut_are_in_the_address_and_come_back(relevance, browser):
    relevance.find("L3 mlp")
    relevance.page.locator(".flow .tool", has_text="Pin").click()
    relevance.slide(300)
    relevance.page.wait_for_function(
        "() => location.hash.includes('cut=density') && location.hash.includes('pins=L3.mlp@13')"
    )
    other = FlowPage(browser.new_page()).open(relevance.page.url)
    assert other.n_edges == relevance.n_edges
    assert other.state("pins.map((p) => p.name)") == ["L3.mlp@13"]
    assert other.selected == "L3.mlp@13"
    other.page.close()


def test_two_methods_are_compared_at_equal_size(page, dashboard, library):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp&compare=gradact")
    first, second = (
        llm_tt.build_graph(llm_tt.attribute(*library[:2], method)) for method in ("relp", "gradact")
    )
    ours = first.prune(threshold=flow.state("threshold"))
    strongest = sorted(range(second.n_edges), key=lambda e: -second.survival[e])[: ours.n_edges]
    kept = set((first.survival >= ours.survival.min()).nonzero()[0].tolist())
    assert flow.state("agreement") == pytest.approx(len(kept & set(strongest)) / ours.n_edges, abs=0.02)
    expect(page.locator(".flow .agreement")).to_contain_text("RelP and Gradient share")


def test_the_meter_says_what_was_measured(relevance, library):
    relevance.page.wait_for_function("() => window.flowView.state.curve !== null")
    model, trace, _ = library
    graph = llm_tt.build_graph(llm_tt.attribute(model, trace, "relp"))
    curve = llm_tt.faithfulness_curve(model, trace, graph, densities_of_meter(graph))
    for measured, point in zip(relevance.state("curve.points"), curve.points, strict=True):
        assert measured["edges"] == point.n_edges
        assert measured["retained"] == pytest.approx(point.graph.retained, abs=1e-3)
        assert measured["random"] == pytest.approx(point.random.retained, abs=1e-3)
    point = curve.points[5]
    relevance.page.evaluate(
        "([value]) => { const v = window.flowView; v.option('cut', { unit: 'density', value }); }",
        [point.density],
    )
    words = relevance.page.locator(".flow .meter-words").inner_text()
    assert words.startswith("keeps ")
    assert f"{point.graph.retained:.0%}".replace("%", " %") in words


def _in_stage(flow: FlowPage, row: int, position: int) -> dict[str, float]:
    x, y = flow.page.evaluate(
        """([row, position]) => { const { state } = window.flowView; const { plot, xs, ys } = state.layout;
        return [plot.left + state.transform.x + xs[position], plot.top + state.transform.y + ys[row]]; }""",
        [row, position],
    )
    return {"x": x, "y": y}
