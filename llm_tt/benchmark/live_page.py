"""The dashboard in a browser of this machine: started, driven and timed.

Playwright is an extra, and Chromium a program of the system: `what_is_missing` says which is not there.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def chromium() -> str | None:
    """Where it is on this machine, if it is."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def what_is_missing() -> str | None:
    """What has to be installed before a page can be opened here."""
    if find_spec("playwright") is None:
        return "needs Playwright: pip install playwright"
    if chromium() is None:
        return "needs Chromium, such as: apt-get install chromium"
    return None


@contextmanager
def opened_browser() -> "Iterator[Browser]":
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield browser
        browser.close()


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_dashboard(*arguments: str) -> Iterator[str]:
    """Start `llm-tt app` on a free port; yields its address."""
    port = free_port()
    command = [sys.executable, "-c", "from llm_tt.cli import run; run()", "app", "--no-browser"]
    server = subprocess.Popen(
        [*command, "--port", str(port), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address, server)
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)  # the command and the Streamlit that it started
        server.wait(10)


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Until it answers; an error where it ends before, or does not answer in time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.1)
