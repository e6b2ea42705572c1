"""The whole walk in Chromium: click a head, switch it off, see what follows, write on, go back, share it."""

import re

import pytest
from playwright.sync_api import Page, expect

import llm_tt
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token
from tests.end_to_end.flow_driver import PROMPT, FlowPage
from tests.end_to_end.stillness import still

pytestmark = pytest.mark.browser

HEAD_OFF = "ablate:L2H1"


@pytest.fixture(scope="module")
def edited(library):
    """The same prompt with head L2H1 off."""
    return llm_tt.run_with_edits(library[0], PROMPT, [llm_tt.Ablate.head(2, 1)])


def prediction(trace) -> tuple[str, str]:
    """The last prediction, as pages say it."""
    model = llm_tt.load_model("small-world")
    ranking = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=1)
    return visible_token(ranking.token_strings[0]), percent_text(ranking.probabilities[0])


def basket(page: Page):
    return page.locator(".st-key-basket")


def says_effect(page: Page, library, edited) -> None:
    """The basket says the prediction before and after."""
    for token, probability in (prediction(library[1]), prediction(edited)):
        expect(basket(page)).to_contain_text(re.compile(f"{re.escape(token)}\\s+{re.escape(probability)}"))


def add(page: Page, change: str) -> None:
    """Open the card's menu and choose a change."""
    page.get_by_role("button", name="Intervene", exact=False).last.click()
    page.get_by_role("button", name=change, exact=True).click()


def on_page(page: Page, name: str) -> None:
    """Go to another page and wait for it."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(f"/{name.lower() if name != 'Flow' else ''}\\?"))


def test_the_whole_walk(page, dashboard, browser, library, edited):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp#fan=1")
    flow.click_edge("L2H1@9-13")
    expect(page.get_by_role("heading", name="L2H1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cut and measure").click()
    expect(page.get_by_text("It brings")).to_contain_text("attributed")
    add(page, "Switch off")
    says_effect_of_message(page)
    flow.settle()
    page.locator(".st-key-edit0-delete button").first.click()
    expect(basket(page)).to_contain_text("No interventions")

    page.get_by_role("button", name="head L2H1@13").click()  # from the message to the whole head
    expect(page.get_by_role("button", name="Cut and measure")).to_be_visible()
    flow.settle()
    add(page, "Switch off")
    says_effect(page, library, edited)

    on_page(page, "Intervene")
    expect(page.get_by_text("Effect on the prediction")).to_be_visible()
    page.get_by_role("button", name="Write both").click()
    base_text, edited_text = (
        PROMPT + llm_tt.generate(library[0], PROMPT, edits).text for edits in ((), [llm_tt.Ablate.head(2, 1)])
    )
    texts = page.locator(".written")
    expect(texts.nth(0)).to_have_text(base_text, use_inner_text=True)
    expect(texts.nth(1)).to_have_text(edited_text, use_inner_text=True)
    assert texts.nth(0).locator(".parts").count() > 0

    shared = page.url
    elsewhere = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    elsewhere.goto(shared)
    says_effect(elsewhere, library, edited)
    elsewhere.context.close()

    basket(page).get_by_role("button", name="Undo").click()
    expect(basket(page)).to_contain_text("No interventions")
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    assert page.script_errors == []
    assert page.strangers == []


def says_effect_of_message(page: Page) -> None:
    """One row, of the message only."""
    expect(basket(page)).to_contain_text("L2H1 from ·John (9) off")


def test_the_graph_of_the_difference(page, dashboard, library, edited):
    flow = FlowPage(page).open(f"{dashboard}/?edits={HEAD_OFF}&run=difference")
    base, changed = (
        llm_tt.build_graph(llm_tt.attribute(library[0], trace)) for trace in (library[1], edited)
    )
    cut = flow.state("described.threshold")
    kept, kept_then = (
        set(
            zip(
                *(getattr(graph, name).tolist() for name in ("source", "target", "head", "kind")), strict=True
            )
        )
        for graph in (base.prune(threshold=cut), changed.prune(threshold=cut))
    )
    counts = flow.state("difference.counts")
    assert counts["gained"] == len(kept_then - kept) > 0
    assert counts["lost"] == len(kept - kept_then) > 0
    page.get_by_role("radio", name="Edited").check(force=True)
    page.wait_for_function("() => window.flowView.state.graph.runLabel === 'edited'")
    assert flow.state("difference") is None


def test_choices_stay_from_page_to_page(page, dashboard):
    flow = FlowPage(page).open(f"{dashboard}/?method=relp&contrast=·John&edits={HEAD_OFF}")
    flow.slide(300)
    n_edges = flow.n_edges
    flow.click_node(7, 9)
    expect(page.get_by_role("heading", name="L3.mid", exact=True)).to_be_visible()
    on_page(page, "Trace")
    expect(page.get_by_role("heading", name="Layer 3 at ·to (13)")).to_be_visible()
    expect(page.get_by_role("heading", name="L3.mid", exact=True)).to_be_visible()
    expect(basket(page)).to_contain_text("L2H1 off")
    on_page(page, "Flow")
    flow.wait_for_graph()
    expect(page.get_by_role("radio", name="RelP")).to_be_checked()
    assert flow.n_edges == n_edges
    assert "select=L3.mid%409" in page.url


def test_a_click_on_the_map_of_the_lens(page, dashboard):
    page.goto(f"{dashboard}/trace")
    expect(page.get_by_role("heading", name="Layer 3 at ·to (13)")).to_be_visible(timeout=60_000)
    chart = page.locator(".js-plotly-plot").first
    box = still(page, chart.locator(".nsewdrag").first.bounding_box)
    page.mouse.move(box["x"] + box["width"] * 9.5 / 14, box["y"] + box["height"] * 1.5 / 5)
    page.mouse.click(box["x"] + box["width"] * 9.5 / 14, box["y"] + box["height"] * 1.5 / 5)
    expect(page.get_by_role("heading", name="Layer 2 at ·John (9)")).to_be_visible()
    expect(page.get_by_role("heading", name="L2.post", exact=True)).to_be_visible()


def test_two_visitors_do_not_share_a_basket(page, dashboard, browser):
    page.goto(f"{dashboard}/intervene?edits={HEAD_OFF}")
    expect(basket(page)).to_contain_text("L2H1 off", timeout=60_000)
    other = browser.new_context().new_page()
    other.goto(f"{dashboard}/intervene")
    expect(other.get_by_text("Nothing is changed yet.")).to_be_visible()
    other.context.close()


def test_writing_can_be_stopped_and_what_was_written_stays(page, dashboard):
    # A model that takes its time: small world has written all it can before a busy browser presses a button.
    page.goto(f"{dashboard}/intervene?edits={HEAD_OFF}:b=zero&model=untrained-gpt2-small")
    number = page.get_by_role("spinbutton", name="New tokens")
    number.fill("60", timeout=60_000)
    number.press("Enter")
    FlowPage(page).settle()
    page.get_by_role("button", name="Write both").click()
    FlowPage(page).stop_work()
    expect(page.get_by_text(re.compile(r"Stopped after \d+ of 60 tokens"))).to_be_visible()
    assert len(page.locator(".written").nth(1).inner_text()) > len(PROMPT)
    page.get_by_role("button", name="Write both").click()
    expect(page.get_by_text("Stopped after")).to_have_count(0, timeout=90_000)


def test_undo_takes_back_what_stands_in_a_closed_menu(page, dashboard):
    page.goto(f"{dashboard}/intervene?edits={HEAD_OFF}")
    expect(basket(page)).to_contain_text("L2H1 off", timeout=60_000)
    basket(page).get_by_test_id("stPopover").get_by_role("button").click()
    note = page.get_by_role("textbox", name="Note")
    note.fill("the reader")
    note.press("Enter")
    expect(basket(page)).to_contain_text("the reader")
    page.get_by_role("radio", name="nothing").check(force=True)
    expect(page).to_have_url(re.compile("zero"))
    page.keyboard.press("Escape")
    for left in ("the reader", "L2H1 off"):
        basket(page).get_by_role("button", name="Undo").click()
        expect(page).not_to_have_url(re.compile("zero"))
        expect(basket(page)).to_contain_text(left)
    expect(basket(page)).not_to_contain_text("the reader")
    expect(basket(page).get_by_role("button", name="Undo")).to_be_disabled()


def test_a_slider_keeps_up_with_quick_keys(page, dashboard):
    page.goto(f"{dashboard}/?edits={HEAD_OFF}")
    FlowPage(page).wait_for_graph()
    handle = page.locator(".st-key-edit0-strength input[type=range]")
    for _ in range(8):
        handle.press("ArrowLeft", delay=20)
    expect(page).to_have_url(re.compile("s%3D0.6"))
    FlowPage(page).settle()
    expect(handle).to_have_value("0.6")


def test_a_row_shows_on_another_page_what_it_is(page, dashboard):
    FlowPage(page).open(f"{dashboard}/?edits={HEAD_OFF}")
    for name in ("Trace", "Flow"):
        on_page(page, name)
        expect(basket(page).get_by_role("switch", name=re.compile("L2H1"))).to_be_checked()
        expect(basket(page)).to_contain_text("1.00")
