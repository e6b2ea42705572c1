"""The dashboard in Chromium: what a person sees and does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.conftest import running_dashboard

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=alert(1)> **bold** :red[x] $y$"


def chips(page: Page):
    return page.locator(".strip .chip")


def type_prompt(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Prompt")
    box.fill(text)
    box.press("Control+Enter")
    expect(chips(page)).to_have_count(len(text.encode()))


@pytest.fixture
def start(page, dashboard) -> Page:
    """The page with the untrained model: one token a byte, so that every text is easy to count."""
    page.goto(f"{dashboard}/?model=untrained")
    expect(page.get_by_text("All 7 checks passed")).to_be_visible()
    return page


def test_a_visit_asks_no_other_machine_for_anything(start):
    expect(chips(start)).to_have_count(58)
    assert start.strangers == []
    assert start.script_errors == []


def test_a_newcomer_sees_the_small_world(page, dashboard):
    page.goto(dashboard)
    expect(page.get_by_text("All 7 checks passed")).to_be_visible()
    expect(chips(page)).to_have_count(14)
    expect(page.get_by_text("token 14 of 14")).to_be_visible()


def test_clicking_and_arrow_keys_choose_a_token(start):
    chips(start).nth(3).click()
    expect(start.get_by_text("token 4 of 58")).to_be_visible()
    expect(chips(start).nth(3)).to_have_attribute("aria-selected", "true")
    start.keyboard.press("ArrowRight")
    expect(start.get_by_text("token 5 of 58")).to_be_visible()
    start.keyboard.press("End")
    expect(start.get_by_text("token 58 of 58")).to_be_visible()


def test_a_new_prompt_starts_at_its_last_token(start):
    chips(start).nth(3).click()
    type_prompt(start, "Another one")
    expect(start.get_by_text("token 11 of 11")).to_be_visible()
    expect(chips(start).nth(10)).to_have_attribute("aria-selected", "true")


def test_nasty_text_is_only_text(start):
    start.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    type_prompt(start, NASTY)
    assert "".join(chips(start).all_text_contents()) == NASTY.replace(" ", "·")
    chips(start).nth(NASTY.index("<")).click()
    expect(start.get_by_text("After “<”, token 1 of")).to_be_visible()
    assert start.locator("img[src='x']").count() == 0


def test_a_nasty_model_name_is_only_text(start):
    box = start.get_by_role("combobox", name=re.compile("Model"))
    box.fill("./<b>*x*</b>")
    box.press("Enter")
    expect(start.get_by_text("There is no folder '<b>*x*</b>'.")).to_be_visible()
    box.fill("./a -> b <- c -- d >= e :material/home: :smile:")
    box.press("Enter")
    expect(
        start.get_by_text("There is no folder 'a -> b <- c -- d >= e :material/home: :smile:'.")
    ).to_be_visible()


def test_a_token_is_shown_as_it_is(start):
    type_prompt(start, "a -> :smile:")
    chips(start).nth(2).click()
    expect(start.get_by_text("After “-”, token 3 of")).to_be_visible()


def test_reloading_a_page_with_a_long_prompt(start):
    type_prompt(start, "x" * 500)
    start.reload()
    expect(chips(start)).to_have_count(500)


def test_the_link_reopens_the_view(start, browser):
    type_prompt(start, "Keep this & that")
    start.wait_for_url("**prompt=Keep*")
    other = browser.new_page()
    other.goto(start.url)
    expect(other.get_by_role("textbox", name="Prompt")).to_have_value("Keep this & that")
    expect(other.locator(".strip .chip")).to_have_count(len("Keep this & that"))
    other.close()


def test_two_tabs_do_not_disturb_each_other(start, browser, dashboard):
    other = browser.new_page()
    other.goto(f"{dashboard}/?model=untrained")
    expect(chips(other)).to_have_count(58)
    type_prompt(other, "The other tab")
    type_prompt(start, "This tab")
    expect(chips(other)).to_have_count(len("The other tab"))
    expect(chips(start)).to_have_count(len("This tab"))
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_themes(browser, dashboard, scheme):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page.goto(f"{dashboard}/?model=untrained")
    expect(chips(page)).to_have_count(58)
    for chip in (chips(page).first, chips(page).last):  # plain, and chosen
        assert contrast(chip) >= 4.5
    page.close()


def test_a_narrow_window_scrolls_only_downward(page, dashboard):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{dashboard}/?model=untrained")
    expect(chips(page)).to_have_count(58)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_hosted_dashboard_opens_only_its_list(page):
    with running_dashboard("--settings", "config/hosted.toml") as address:
        page.goto(f"{address}/?model=/etc")
        expect(
            page.get_by_text("Check-up").or_(page.get_by_text("opens only the models")).first
        ).to_be_visible()
        assert "/etc" not in page.locator("[data-testid=stMain]").inner_text()


def contrast(element) -> float:
    """The WCAG contrast of an element's text against its own background."""
    colours = element.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
    light, dark = sorted((luminance(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
