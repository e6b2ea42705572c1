"""What a page that was given bad input is held against: a sentence, nothing that acts, no path."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.app.driving import words
from tests.hostile.answers import INTERNALS, check_without_paths, timed

HARMFUL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
CONFIG = Path(__file__).parents[2] / "config"

_ONE_PAGE = """
from llm_tt.app.pages.{name}_page import show_{name}_page
from llm_tt.settings import load_settings

show_{name}_page(load_settings())
"""


def opened(name: str, **parameters: object) -> AppTest:
    """A page by its address; a parameter may be there several times."""
    page = AppTest.from_string(_ONE_PAGE.format(name=name), default_timeout=120)
    for key, value in parameters.items():
        page.query_params[key] = value
    return run(page)


def run(page: AppTest) -> AppTest:
    """Once, timed, and looked at."""
    with timed(is_bounded=False):  # some pages draw
        page.run()
    check_page(page)
    return page


def check_page(page: AppTest) -> None:
    """No traceback, and nothing that a browser would take for a page's own."""
    assert not page.exception, page.exception
    said = "\n".join([words(page), *(text.value for text in page.text)])
    assert not INTERNALS.search(said), said
    for element in page._tree:
        body = getattr(getattr(element, "proto", None), "body", "")
        if getattr(getattr(element, "proto", None), "allow_html", False) or element.type == "html":
            assert "<script>alert" not in body
            assert "<img src=x" not in body


def sentences(page: AppTest) -> list[str]:
    """The lines of its boxes."""
    return [text.value for text in page.text]


def check_hosted(page: AppTest) -> None:
    """Nothing of the machine."""
    for line in sentences(page):
        check_without_paths(line.replace(HARMFUL, ""))  # what the person gave may be repeated
