"""How quick the Concepts page is in Chromium: a word to its cards, a card to its neuron's card."""

import statistics
import time

import pytest

from tests.end_to_end.flow_driver import FlowPage

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]

CARDS = (
    "() => [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.token-card'))"
    "?.shadowRoot"
)

OTHER_CARDS = (
    f"(before) => {{ const text = ({CARDS})()?.querySelector('.chips')?.textContent;"
    " return text && text !== before; }"
)

HEADING = "(name) => [...document.querySelectorAll('h5')].some((h) => h.textContent.startsWith(name))"

QUERIES = {
    "small-world": ("paris", "tokyo", "mary", "*ris*", "war*"),
    "untrained-gpt2-small": ("a*", "b", "*e*", "c", "7"),
}
"""Words of each model's own vocabulary."""


def settled(page) -> None:
    FlowPage(page).settle()
    page.wait_for_timeout(400)


def seconds_to(page, act, condition: str, argument: str) -> float:
    """From an action until something is on the page."""
    begun = time.monotonic()
    act()
    page.wait_for_function(condition, arg=argument, polling=10, timeout=60_000)
    return time.monotonic() - begun


@pytest.mark.parametrize("model", QUERIES)
def test_search_and_cards_keep_up(browser, dashboard, model, capsys):
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    first, *others = QUERIES[model]
    page.goto(f"{dashboard}/concepts?model={model}&q={first}&prompt=Mary and John went")
    read = page.get_by_role("button", name="Read the neurons")
    cards = page.locator(".token-card")
    read.or_(cards.first).first.wait_for(timeout=90_000)
    begun = time.monotonic()
    if read.count():
        read.click()
    cards.first.wait_for(timeout=180_000)
    built = time.monotonic() - begun
    searches, clicks = [], []
    for query in others:
        settled(page)
        box = page.get_by_role("textbox", name="Search the neurons")
        box.fill(query)
        before = page.evaluate(f"() => ({CARDS})()?.querySelector('.chips')?.textContent")
        searches.append(seconds_to(page, lambda box=box: box.press("Enter"), OTHER_CARDS, before))
        settled(page)
        card = cards.nth(1)
        name = card.locator(".title").inner_text()
        clicks.append(seconds_to(page, card.click, HEADING, name))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{model}: index {built:.1f} s; a word to its cards median {statistics.median(searches):.2f} "
            f"s, longest {max(searches):.2f} s; a card to its neuron median "
            f"{statistics.median(clicks):.2f} s, longest {max(clicks):.2f} s"
        )
    assert statistics.median(clicks) <= 0.3
    page.close()
