"""The Compare page in Chromium: from one click to what became of each edge, and back by a link."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

import llm_tt
from llm_tt.smallworld.generation import generate
from tests.end_to_end.compare_driver import ComparePage
from tests.end_to_end.flow_driver import PROMPT, FlowPage
from tests.end_to_end.stillness import still

pytestmark = pytest.mark.browser

LONGER = "When Mary and John went to the big store, Mary gave a drink to"


@pytest.fixture(autouse=True)
def quiet(page: Page):
    """Nothing leaves this machine, and no script fails."""
    yield
    assert page.strangers == []
    assert page.script_errors == []


def link_to(dashboard: str, **parameters: str) -> str:
    asked = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    return f"{dashboard}/compare?{asked}"


def task(times: int, task: str = "indirect_object"):
    return generate(task, 1, times)[0]


def compared_in(model, *prompts: str, tokens: tuple[str | None, str | None] = (None, None)):
    return llm_tt.compare(
        *(llm_tt.explain(model, p, "relp", target_token=t) for p, t in zip(prompts, tokens, strict=True))
    )


def test_from_one_click_to_the_difference_and_back_by_its_link(page, browser, dashboard, library):
    tab = ComparePage(page).open(f"{dashboard}/compare")
    assert tab.states("described.edges")[0] == tab.states("described.edges")[1]
    tab.choose_task("Indirect object")
    asked = task(0)
    both = compared_in(
        library[0], asked.prompt, asked.corrupted, tokens=(asked.answer, asked.corrupted_answer)
    )
    numbers = both.numbers()
    assert tab.states("described.edges") == [numbers.first.n_edges, numbers.second.n_edges]
    assert tab.states("threshold") == [numbers.first.threshold] * 2
    assert len(set(tab.states("reference"))) == 1  # a curve of one width means the same
    assert [label.split()[0] for label in tab.states("targetLabel")] == [
        f"·{answer.strip()}" for answer in (asked.answer, asked.corrupted_answer)
    ]

    head = tab.lone_head()
    page.mouse.move(*tab.place_of(0, head))
    title, _, _ = head.partition("@")
    assert all(f"Head {title}" in card for card in tab.cards())
    page.mouse.click(*tab.place_of(1, head))
    tab.settle()
    assert tab.selected() == [head, head]
    tab.says("Promoted tokens")

    tab.show("Difference")
    assert tab.selected() == [head]
    counts = both.difference().counts
    assert tab.states("difference.counts")[0] == {
        "gained": counts.gained,
        "lost": counts.lost,
        "stronger": counts.stronger,
        "weaker": counts.weaker,
        "changed": counts.changed,
        "same": counts.same,
    }
    shown = tab.states("difference.counts")
    elsewhere = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        other = ComparePage(elsewhere).open(page.url)
        assert other.states("difference.counts") == shown
        assert other.selected() == [head]
    finally:
        elsewhere.close()


LATE_COURIER = """() => {
  const late = (act) => window.late ? setTimeout(act, window.late) : act();
  document._llmTtNews = new (class extends Map {
    clear() {}
    set(name, item) { late(() => { super.clear(); super.set(name, item); }); }
  })();
  document.addEventListener("llm-tt-news", (event) => {
    if (!window.late || event.isLate) return;
    event.stopImmediatePropagation();
    late(() => document.dispatchEvent(Object.assign(new CustomEvent(event.type, event), { isLate: true })));
  });
}"""


def test_a_new_picture_keeps_the_selection_however_late_the_courier(page, dashboard):
    """What he told before the selection still lies there when another picture takes the graphs' place."""
    page.add_init_script(f"({LATE_COURIER})()")
    tab = ComparePage(page).open(f"{dashboard}/compare")
    tab.choose_task("Indirect object")
    head = tab.lone_head()
    place = tab.place_of(1, head)
    page.evaluate("() => { window.late = 3000; }")
    page.mouse.click(*place)
    tab.settle()
    assert tab.selected() == [head, head]
    page.evaluate("() => { window.late = 1000; }")
    tab.show("Difference")
    assert tab.selected() == [head]
    tab.show("Side by side")
    assert tab.selected() == [head, head]


def test_a_slider_cuts_both_and_stays_in_the_link(page, dashboard, library):
    tab = ComparePage(page).open(link_to(dashboard, method="relp", b_prompt=LONGER))
    page.locator(".sides .slider").nth(1).evaluate(
        "(s) => { s.value = 300; s.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    tab.settle()
    first, second = tab.states("threshold")
    assert first == second
    both = compared_in(library[0], PROMPT, LONGER)
    assert tab.states("described.edges") == [
        run.graph.prune(threshold=first).n_edges for run in (both.first, both.second)
    ]
    page.wait_for_url(re.compile("#cut=threshold"))
    ComparePage(page).open(page.url)
    assert tab.states("threshold") == pytest.approx([first] * 2, rel=1e-6)


def test_an_alignment_is_corrected_and_taken_back(page, dashboard, library):
    tab = ComparePage(page).open(
        link_to(dashboard, method="relp", b_prompt=LONGER, compare_view="difference")
    )
    assert "·big" in tab.states("graph.tokens")[0]
    before = tab.name
    tab.token(0, 7).click()  # store
    tab.token(1, 7).click()  # big
    tab.until_other(before)
    assert "·store | ·big" in tab.states("graph.tokens")[0]
    assert "pairs=7-7" in page.url
    both = compared_in(library[0], PROMPT, LONGER)
    corrected = llm_tt.compare(both.first, both.second, [(7, 7)])
    found = tab.states("difference.counts")[0]
    counts = corrected.difference(tab.states("threshold")[0]).counts
    assert (found["gained"], found["lost"], found["same"]) == (counts.gained, counts.lost, counts.same)
    before = tab.name
    tab.token(0, 8).click()  # the comma of A
    page.get_by_role("button", name="It has no partner").click()
    tab.until_other(before)
    assert "pairs=7-7%2C8-" in page.url
    before = tab.name
    page.get_by_role("button", name="Align by itself again").click()
    tab.until_other(before)
    assert "pairs" not in page.url


def test_another_prediction_of_either_graph_is_one_of_both(page, dashboard):
    tab = ComparePage(page).open(link_to(dashboard, method="relp", b_prompt=LONGER))
    before = tab.name
    tab.trace(1, 8)  # B's store, which is A's 7
    tab.until_other(before)
    assert tab.states("position") == [7, 8]
    assert "at=7" in page.url


def test_a_row_of_the_table_selects_in_the_graphs_and_other_pages_do_not_hear(page, dashboard):
    tab = ComparePage(page).open(link_to(dashboard, method="relp", b_prompt=LONGER))
    page.locator("[data-testid=stDataFrame]").nth(1).scroll_into_view_if_needed()
    box = still(page, page.locator("[data-testid=stDataFrame]").nth(1).bounding_box)
    page.mouse.click(box["x"] + 18, box["y"] + 27 * 1.5 + 10)
    selected = tab.selected()
    assert re.fullmatch(r"L\d+(H\d+|\.mlp)@\d+", selected[0])
    page.get_by_role("link", name="Flow").click()
    flow = FlowPage(page).wait_for_graph()
    assert flow.selected is None
    assert flow.n_edges > 0
    page.get_by_role("link", name="Compare").click()
    assert tab.wait().selected() == selected


def test_markup_is_a_prompt_like_any_other(page, dashboard):
    text = "<script>window.hacked = 1</script> \N{WAVING HAND SIGN}"
    tab = ComparePage(page).open(link_to(dashboard, b_prompt=text, compare_view="difference"))
    assert page.evaluate("() => window.hacked") is None
    assert tab.states("graph.positions")[0] >= 14
    tab.says("In numbers")


def test_another_tokenizer_is_refused(page, dashboard, save_family):
    """Another tokenizer is refused in words; the page stays."""
    folder = str(save_family("GPT-2"))
    page.goto(link_to(dashboard, b_model=folder))
    ComparePage(page).says("tokens, the second one")
