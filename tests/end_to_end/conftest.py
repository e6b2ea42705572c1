"""A running dashboard and a browser, for tests that see what a person sees."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import llm_tt
from tests.end_to_end.flow_driver import PROMPT, FlowPage

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=30_000)  # the first visit imports torch, on a machine that may be busy
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def running_dashboard(*arguments: str) -> Iterator[str]:
    """Start `llm-tt app` on a free port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from llm_tt.cli import run; run()", "app", "--no-browser"]
    server = subprocess.Popen(
        [*command, "--port", str(port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address)
        yield address
    finally:
        os.killpg(server.pid, 15)  # the command and the Streamlit that it started
        server.wait(10)


def wait_until_healthy(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def dashboard() -> Iterator[str]:
    """The dashboard with its local settings."""
    with running_dashboard() as address:
        yield address


def chromium() -> str | None:
    """Where it is on this machine, if it is."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip; with LLM_TT_REQUIRE_BROWSER=1 a missing browser is a failure."""
    path = chromium()
    if path is None:
        message = "no Chromium on this machine (Debian and Ubuntu: apt-get install chromium)"
        if os.environ.get("LLM_TT_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def library():
    """Model, trace and relevance of the indirect object, computed here."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, PROMPT)
    return model, trace, llm_tt.attribute(model, trace, "relp")


@pytest.fixture
def relevance(page: Page, dashboard: str) -> FlowPage:
    """The indirect object, explained by RelP."""
    return FlowPage(page).open(f"{dashboard}/?method=relp")


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A tab that notes every request which leaves this machine and every error of the page's own scripts."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.strangers, page.script_errors = [], []
    page.on("request", lambda request: "localhost" in request.url or page.strangers.append(request.url))
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    page.close()
