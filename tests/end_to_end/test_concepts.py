"""The walk in Chromium: search a word, open a neuron, steer with it, see what follows; and name it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

import llm_tt
from llm_tt.intervention.basket import Basket
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token
from tests.end_to_end.flow_driver import FlowPage

pytestmark = pytest.mark.browser

PROMPT = "The capital of Japan is the city of"


@pytest.fixture(scope="module")
def found():
    """What the library finds for Paris."""
    model = llm_tt.load_model("small-world")
    return model, llm_tt.build_index(model).search("paris", top=20)


def open_page(page: Page, address: str, **link: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in {"prompt": PROMPT, **link}.items())
    page.goto(f"{address}/concepts?{query}")


def cards(page: Page):
    return page.locator(".token-card")


def settle(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def test_search_card_steer_effect(page, dashboard, found):
    model, result = found
    best = result.hits[0]
    name = f"L{best.layer}N{best.neuron}"
    open_page(page, dashboard)
    box = page.get_by_role("textbox", name="Search the neurons")
    box.fill("paris")
    box.press("Enter")
    expect(cards(page).first).to_contain_text(name)
    titles = cards(page).locator(".title").all_inner_texts()
    assert titles == [f"L{hit.layer}N{hit.neuron}" for hit in result.hits]
    marked = {visible_token(match.token_string) for match in best.matches}
    assert set(cards(page).first.locator(".marked").all_inner_texts()) == marked

    cards(page).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(cards(page).first).to_have_attribute("aria-pressed", "true")
    settle(page)
    expect(cards(page).first).to_be_focused()
    page.get_by_role("button", name="Steer with it").click()
    row = page.locator(".st-key-basket")
    expect(row).to_contain_text(f"along {name}")

    expect(page).to_have_url(re.compile("edits="))
    steered = llm_tt.run_with_edits(model, PROMPT, [_steering_of(page)])
    top = llm_tt.rank_tokens(model, steered.resid_post[-1, -1], top=1)
    said = re.compile(
        f"{re.escape(visible_token(top.token_strings[0]))}\\s+{re.escape(percent_text(top.probabilities[0]))}"
    )
    expect(row).to_contain_text(said)

    settle(page)
    page.get_by_role("button", name="Show in Flow").click()
    flow = FlowPage(page).wait_for_graph()
    assert flow.selected == f"{name}@{len(model.tokenize(PROMPT)) - 1}"
    assert page.strangers == []
    assert page.script_errors == []


def test_a_slow_press_counts_though_the_list_is_drawn_anew_meanwhile(page, dashboard):
    open_page(page, dashboard, q="paris")
    expect(cards(page)).to_have_count(20)
    settle(page)
    cards(page).nth(1).hover()
    page.mouse.down()
    cards(page).first.evaluate("(card) => card.click()")
    expect(cards(page).first).to_have_attribute("aria-pressed", "true")
    settle(page)
    page.mouse.up()
    expect(cards(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(cards(page).first).to_have_attribute("aria-pressed", "false")


def _steering_of(page: Page):
    """The edit that stands in the address."""
    (text,) = parse_qs(urlsplit(page.url).query)["edits"]
    (edit,) = Basket.from_link(text).active
    return edit


def test_a_name_given_on_a_card_is_shown_wherever_the_part_is(page, dashboard):
    open_page(page, dashboard, select="L2H1@7", edits="ablate:L2H1")
    expect(page.get_by_text("Every neuron of the model")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Name", exact=True).click()
    page.get_by_label("Your name for it").fill("mover <b>of</b> names")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name=re.compile("L2H1 mover"))).to_be_visible()
    expect(page.locator(".st-key-basket")).to_contain_text("L2H1 mover")
    page.get_by_role("link", name="Flow", exact=True).click()
    flow = FlowPage(page).wait_for_graph()
    page.wait_for_function("() => window.flowView.state.names['L2H1']")
    flow.find("mover <b>of</b> names")
    expect(page.get_by_role("heading", name=re.compile("L2H1 mover"))).to_be_visible()
    flow.settle()
    page.get_by_role("button", name="Name", exact=True).click()
    page.get_by_label("Your name for it").fill("")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="L2H1", exact=True)).to_be_visible()
    page.wait_for_function("() => !window.flowView.state.names['L2H1']")
    assert page.script_errors == []


def test_the_card_list_is_reached_by_keys_and_shows_tokens_as_text(page, dashboard):
    open_page(page, dashboard, q="*a*", sides="any")
    expect(cards(page)).to_have_count(20)
    cards(page).first.focus()
    page.keyboard.press("Enter")
    title = cards(page).first.locator(".title").inner_text()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert page.locator(".chip script, .chip b").count() == 0
    settle(page)
    page.reload()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(cards(page).first).to_have_attribute("aria-pressed", "true")
