"""Where to click, once nothing moves: Streamlit's styles come in files of their own, some of them late."""

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

T = TypeVar("T")
APART = 150
"""Milliseconds between two looks."""


def still(page: Page, look: Callable[[], T], apart: int = APART) -> T:
    """What a look finds when two of them agree."""
    before = look()
    for _ in range(100):
        page.wait_for_timeout(apart)
        now = look()
        if now == before:
            return now
        before = now
    message = f"It never stood still: {before}, {now}."
    raise AssertionError(message)
