"""What a link names, or was chosen on one page, holds on all pages that are opened from there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.compare_driver import ComparePage
from tests.end_to_end.flow_driver import FlowPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("first", ["anatomy", "intervene"])
def test_the_model_goes_along_from_page_to_page(page: Page, dashboard: str, first: str):
    page.goto(f"{dashboard}/{first}?model=untrained&prompt=abc&precision=bfloat16")
    menu = page.locator("[data-testid=stPopover] button").filter(has_text="account_tree")
    expect(menu).to_contain_text("untrained", timeout=60_000)
    FlowPage(page).settle()
    page.get_by_role("link", name="Flow", exact=True).click()
    flow = FlowPage(page).wait_for_graph()
    assert flow.state("graph.tokens") == list("abc")
    expect(menu).to_contain_text("untrained")
    expect(page).to_have_url(re.compile("model=untrained"))
    expect(page).to_have_url(re.compile("precision=bfloat16"))
    assert page.script_errors == []


@pytest.mark.parametrize("finger", [0, 20, 60])
@pytest.mark.parametrize("sent", ["by hand", "by leaving"])
def test_what_is_typed_and_left_at_once_goes_along(page: Page, dashboard: str, sent: str, finger: int):
    flow = FlowPage(page).open(f"{dashboard}/?model=untrained&prompt=abc")
    others = ("Trace", "Intervene", "Compare", "Flow")
    for number, other in enumerate(others):
        box = page.get_by_role("textbox", name="Prompt", exact=True)
        box.fill(f"typed{number}")
        if sent == "by hand":
            box.press("Control+Enter")
        page.get_by_role("link", name=other, exact=True).click(delay=finger)
        place = "" if other == "Flow" else other.lower()
        expect(page).to_have_url(re.compile(rf":\d+/{place}\?.*prompt=typed{number}"))
        flow.settle()
        expect(box).to_have_value(f"typed{number}")
    assert flow.wait_for_graph().state("graph.tokens") == list("typed3")
    assert page.script_errors == []


def test_the_model_of_the_menu_stands_in_the_link_and_the_first_one_does_not(page: Page, dashboard: str):
    FlowPage(page).open(f"{dashboard}/?prompt=abc")
    choose(page, "untrained")
    expect(page).to_have_url(re.compile("model=untrained"))
    choose(page, "small-world")
    expect(page).not_to_have_url(re.compile("model="))


@pytest.mark.parametrize(("link", "method"), [("", "Flow"), ("?method=relp", "RelP")])
def test_the_method_goes_along_to_the_other_page_that_asks_for_it(page, dashboard, link, method):
    FlowPage(page).open(f"{dashboard}/{link}")
    page.get_by_role("link", name="Compare", exact=True).click()
    ComparePage(page).wait()
    expect(page.get_by_role("radio", name=method)).to_be_checked()
    assert page.get_by_text("That did not work.").count() == 0


KEEP_THE_QUESTION = """
const real = setInterval;
window.setInterval = (call, pause, ...rest) => {
  if (pause !== 300) return real(call, pause, ...rest);
  window.askNews = call;
  return real(call, 1e8, ...rest);
};
window.requestIdleCallback = (call) => call();
"""


def test_a_page_is_opened_also_where_the_courier_asks_at_that_moment(page, dashboard):
    page.add_init_script(KEEP_THE_QUESTION)
    FlowPage(page).open(f"{dashboard}/?model=untrained-gpt2-small&prompt=Hello")
    page.wait_for_function("() => window.askNews")
    link = page.get_by_role("link", name="Intervene", exact=True)
    link.evaluate("(link) => { link.click(); askNews(); }")
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    assert page.script_errors == []


def test_what_is_selected_while_the_courier_asks_is_read_beside_the_graph(page, dashboard):
    page.add_init_script(KEEP_THE_QUESTION)
    flow = FlowPage(page).open(f"{dashboard}/?model=untrained-gpt2-small&prompt=Hello")
    page.wait_for_function("() => window.askNews")
    flow.settle()
    search = page.locator(".flow .search")
    search.fill("L3.post@4")
    search.evaluate(
        "(box) => { askNews();"
        " box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })); }"
    )
    expect(page.get_by_role("heading", name="L3.post", exact=True)).to_be_visible()
    assert page.script_errors == []


def choose(page: Page, name: str) -> None:
    """A model of the menu."""
    page.locator("[data-testid=stPopover] button").filter(has_text="account_tree").click()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")


def test_the_method_outlives_a_prompt_that_cannot_be_run(page: Page, dashboard: str):
    flow = FlowPage(page).open(f"{dashboard}/?model=untrained&prompt=abc&method=relp")
    box = page.get_by_role("textbox", name="Prompt", exact=True)
    method = page.get_by_role("radio", name="RelP", exact=True)
    for text in ("", "abcd", "abcde", "abcdef"):
        box.fill(text)
        box.press("Control+Enter")
        if text:
            flow.wait_for_graph()
            flow.settle()
            expect(page).to_have_url(re.compile(f"prompt={text}(&|$)"))
            expect(method).to_be_checked()
            expect(page).to_have_url(re.compile("method=relp"))
        else:
            expect(page.get_by_text("That did not work.").first).to_be_visible()
            expect(method).to_have_count(0)
