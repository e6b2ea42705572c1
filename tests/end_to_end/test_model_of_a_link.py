"""The model that a link names is the one of all pages that are opened from there."""

import re

import pytest
from playwright.sync_api import Page, expect

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


def test_the_model_of_the_menu_stands_in_the_link_and_the_first_one_does_not(page: Page, dashboard: str):
    FlowPage(page).open(f"{dashboard}/?prompt=abc")
    choose(page, "untrained")
    expect(page).to_have_url(re.compile("model=untrained"))
    choose(page, "small-world")
    expect(page).not_to_have_url(re.compile("model="))


def choose(page: Page, name: str) -> None:
    """A model of the menu."""
    page.locator("[data-testid=stPopover] button").filter(has_text="account_tree").click()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
