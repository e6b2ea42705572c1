"""A dashboard of its own on a free port, which is gone in the end."""

import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from llm_tt.benchmark import live_page
from llm_tt.benchmark.live_page import running_dashboard, what_is_missing


def health(address):
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
        return answer.read()


def test_it_runs_and_ends():
    with running_dashboard() as first, running_dashboard() as second:
        assert first != second
        assert health(first) == health(second) == b"ok"
    for address in (first, second):
        with pytest.raises(urllib.error.URLError):
            health(address)


def test_one_that_never_answers_is_no_silent_wait(monkeypatch):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as server:
        with pytest.raises(OSError):
            live_page.wait_until_healthy("http://localhost:9", server, seconds=0.3)
        server.kill()


def test_one_that_has_ended_is_not_waited_for():
    with pytest.raises(OSError), running_dashboard("--no-such-option"):
        pytest.fail("it cannot have started")


@pytest.mark.browser
def test_a_browser_without_a_window(browser):
    page = browser.new_page()
    page.goto("data:text/html,<h1>here</h1>")
    assert page.inner_text("h1") == "here"
    page.close()


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(live_page.shutil, "which", lambda _: None)
    assert what_is_missing() == "needs Chromium, such as: apt-get install chromium"
    monkeypatch.setattr(live_page, "find_spec", lambda _: None)
    assert what_is_missing() == "needs Playwright: pip install playwright"
