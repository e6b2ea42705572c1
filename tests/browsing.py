"""A running dashboard and a browser, for tests that see what a person sees; fixtures of every folder."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from llm_tt.benchmark.live_page import opened_browser, running_dashboard, what_is_missing

expect.set_options(timeout=30_000)  # the first visit imports torch, on a machine that may be busy


@pytest.fixture(scope="session")
def dashboard() -> Iterator[str]:
    """The dashboard with its local settings."""
    with running_dashboard() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip; with LLM_TT_REQUIRE_BROWSER=1 a missing browser is a failure."""
    missing = what_is_missing()
    if missing is not None:
        if os.environ.get("LLM_TT_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A tab that notes every request which leaves this machine and every error of the page's own scripts."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.strangers, page.script_errors = [], []
    page.on("request", lambda request: "localhost" in request.url or page.strangers.append(request.url))
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    page.close()
